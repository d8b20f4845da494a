// SPDX-License-Identifier: Apache-2.0
#include "guard/report/what_if.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json_out.hpp"
#include "guard/base/time_text.hpp"
#include "guard/report/backtest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::report {
namespace {

using model::Verdict;
using replay::Ending;
using replay::Judged;

const replay::RuleCourse& course_of(const Judged& judged) {
  return judged.course.rules.front();
}

bool was_read(const Judged& judged) {
  const auto& course = course_of(judged);
  return course.readings > course.no_data + course.errors;
}

std::string_view would(Ending ending) {
  switch (ending) {
    case Ending::rolled_back:
      return "would have been rolled back";
    case Ending::asked:
      return "would have waited for a person's approval of its rollback";
    case Ending::held:
      return "would have been found broken, and its rollback held back";
    case Ending::breached:
      return "would have been found broken too late";
    case Ending::warned:
      return "would have been warned of";
    case Ending::passed:
      return "would have passed";
    case Ending::unverified:
      return "would have been unverified";
    case Ending::superseded:
      return "would not have been decided on while it was there";
    case Ending::cut_short:
      return "would not have been decided on so far";
  }
  return "";
}

std::string unread_words(const Judged& judged) {
  const auto& course = course_of(judged);
  const auto why = course.errors > 0 ? course.first_error : "the server has no data of that time, or no longer";
  return fmt::format("cannot be told: none of {} readings gave a value: {}", course.readings, why);
}

std::string gaps(const replay::RuleCourse& course) {
  if (course.no_data == 0) return "";
  return fmt::format("; {} of {} readings had no data", course.no_data, course.readings);
}

std::optional<WallTime> decided_at(const Judged& judged) {
  if (verdict_of(judged) != Verdict::breached) return std::nullopt;
  const auto* cause = replay::gravest(judged.course);
  return cause == nullptr ? course_of(judged).breached_at : std::optional(cause->decision.at);
}

std::optional<std::string> sustained(const model::Rule& rule) {
  if (rule.share || rule.breach.count > 0) return std::nullopt;
  return format_duration(rule.breach.sustained);
}

json::object side(const Judged& judged) {
  const auto& rule = judged.group->rules.front();
  const auto& course = course_of(judged);
  const auto held_for = sustained(rule);
  return {{"objective", model::objective_text(rule)},
          {"for", held_for ? json::value(*held_for) : json::value()},
          {"confidence", rule.share ? json::value(rule.share->confidence) : json::value()},
          {"verdict", to_string(verdict_of(judged))},
          {"would_be", to_string(judged.course.ending)},
          {"decided_at", json_time(decided_at(judged))},
          {"words", words_of(judged)},
          {"worst", json_number(course.worst)},
          {"worst_at", json_time(course.worst_at)},
          {"readings", course.readings},
          {"breaches", course.breaches},
          {"no_data", course.no_data},
          {"errors", course.errors},
          {"first_error", json_text(course.first_error)}};
}

json::object points(const replay::WhatIf& what_if) {
  json::array times;
  json::array values;
  json::array bounds;
  json::array tried_bounds;
  for (const auto& point : what_if.points) {
    times.push_back(json_time(point.at));
    values.push_back(json_number(point.value));
    bounds.push_back(json_number(point.bound));
    tried_bounds.push_back(json_number(point.tried_bound));
  }
  return {{"times", std::move(times)},
          {"values", std::move(values)},
          {"bounds", std::move(bounds)},
          {"tried_bounds", std::move(tried_bounds)}};
}

std::vector<std::string> others_of(const replay::Trial& trial, bool signals) {
  std::vector<std::string> out;
  for (const auto& rule : trial.group->rules)
    if (rule.slo != trial.tried.slo && (rule.kind == model::RuleKind::signal) == signals) out.push_back(rule.slo);
  return out;
}

}  // namespace

Verdict verdict_of(const Judged& judged) {
  if (!was_read(judged)) return Verdict::unknown;
  if (course_of(judged).breached_at || replay::gravest(judged.course) != nullptr) return Verdict::breached;
  const auto& ending = judged.course.ending;
  if (ending == Ending::superseded || ending == Ending::cut_short) return judged.course.watch.rules.front().verdict;
  return ending == Ending::passed || ending == Ending::warned ? Verdict::ok : Verdict::unknown;
}

std::string words_of(const Judged& judged) {
  if (!was_read(judged)) return unread_words(judged);
  const auto& course = judged.course;
  auto out = std::string(would(course.ending));
  if (const auto at = decided_at(judged))
    out += fmt::format(" at {}, {} after it went live", time_text(*at),
                       short_duration(*at - *course.release.spec.live_at));
  if (const auto reason = why(judged); !reason.empty()) out += ": " + reason;
  return out + gaps(course_of(judged));
}

std::vector<std::string> notes_of(const replay::Trial& trial) {
  std::vector<std::string> out{fmt::format(
      "Judged by {} alone, by what Prometheus still has: pauses, orders, brakes and other releases are left "
      "out, and a mode that observes is judged as if it acted.",
      trial.tried.slo)};
  if (const auto signals = others_of(trial, true); !signals.empty())
    out.push_back(fmt::format("What the pipeline posted is not judged again: {}.", fmt::join(signals, ", ")));
  if (const auto others = others_of(trial, false); !others.empty())
    out.push_back(fmt::format("Not judged beside it: {}.", fmt::join(others, ", ")));
  if (trial.release.replaced_at)
    out.push_back(
        fmt::format("Looked at until {}: from then on it was rolled back, given up or replaced, and what is "
                    "measured is no longer this release.",
                    time_text(*trial.release.replaced_at)));
  return out;
}

json::object to_json(const replay::Trial& trial, const replay::WhatIf& what_if) {
  const auto& objective = trial.tried.objective;
  return {{"release", trial.release.spec.id},
          {"slo", trial.tried.slo},
          {"comparison", to_string(objective.comparison)},
          {"unit", to_string(model::value_unit(objective))},
          {"live_at", json_time(trial.release.spec.live_at)},
          {"now", side(what_if.now)},
          {"tried", side(what_if.tried)},
          {"points", points(what_if)},
          {"notes", json_list(notes_of(trial))}};
}

}  // namespace guard::report
