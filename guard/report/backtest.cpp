// SPDX-License-Identifier: Apache-2.0
#include "guard/report/backtest.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace guard::report {
namespace {

using replay::Ending;
using replay::Judged;

// How near a rule came to a breach, from 0 to 1: of what is counted what its evidence says, of a value its part of the
// bound.
double nearness(const model::Rule& rule, const replay::RuleCourse& course) {
  if (model::is_counted(rule.kind)) return course.progress;
  if (!course.worst || !course.bound || rule.kind != model::RuleKind::expr) return 0;
  const bool small_is_good = rule.objective.comparison == model::Comparison::less ||
                             rule.objective.comparison == model::Comparison::less_equal;
  // All of a whole cannot be better.
  if (!small_is_good && rule.objective.unit == model::Unit::ratio && *course.worst >= 1) return 0;
  const auto part = small_is_good ? *course.worst / *course.bound : *course.bound / *course.worst;
  return std::isfinite(part) ? part : 0;
}

std::string nearest(const Judged& judged) {
  const auto& rules = judged.group->rules;
  std::size_t best = rules.size();
  double least = 0;
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (const auto near = nearness(rules[i], judged.course.rules[i]); near > least) {
      best = i;
      least = near;
    }
  if (best == rules.size()) return "";
  const auto& rule = rules[best];
  const auto& course = judged.course.rules[best];
  if (model::is_counted(rule.kind))
    return fmt::format("nearest: {} at {:.0f}% of a breach", rule.slo, std::floor(100 * least));
  const auto unit = model::value_unit(rule.objective);
  return fmt::format("nearest: {} {} against {}", rule.slo, model::format_against(*course.worst, *course.bound, unit),
                     model::objective_text(rule));
}

std::string recovered(const replay::Course& course) {
  const auto* cause = replay::gravest(course);
  if (course.recovered_at)
    return fmt::format("it held again {} later", short_duration(*course.recovered_at - cause->decision.at));
  return "it had not recovered when the watch ended";
}

// Rules of which something could not be read, with what was said first.
std::string unread(const Judged& judged) {
  for (std::size_t i = 0; i < judged.course.rules.size(); ++i) {
    const auto& course = judged.course.rules[i];
    if (course.errors == 0) continue;
    return fmt::format("; {} of {} readings of {} failed: {}", course.errors, course.readings,
                       judged.group->rules[i].slo, course.first_error);
  }
  return "";
}

std::string warnings(const Judged& judged) {
  std::string out;
  for (std::size_t i = 0; i < judged.course.rules.size(); ++i)
    if (const auto& course = judged.course.rules[i]; course.breached_at)
      out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", judged.group->rules[i].slo, course.detail);
  return out;
}

std::size_t count(const replay::Summary& summary, Ending ending) {
  const auto it = summary.endings.find(ending);
  return it == summary.endings.end() ? 0 : it->second;
}

}  // namespace

Badge badge_of(Ending ending) {
  switch (ending) {
    case Ending::rolled_back:
      return {"rolled back", "bad", "back"};
    case Ending::asked:
      return {"a person asked", "warn", "hand"};
    case Ending::held:
      return {"held back", "warn", "stop"};
    case Ending::breached:
      return {"found broken too late", "bad", "cross"};
    case Ending::warned:
      return {"passed, with a warning", "warn", "check"};
    case Ending::passed:
      return {"passed", "good", "check"};
    case Ending::unverified:
      return {"unverified", "warn", "question"};
    case Ending::superseded:
      return {"replaced before its window ended", "quiet", "next"};
    case Ending::cut_short:
      return {"its window is not over", "info", "clock"};
  }
  return {};
}

Badge badge_of(const Judged& judged) {
  return judged.group ? badge_of(judged.course.ending) : Badge{"not watched", "quiet", "question"};
}

std::string why(const Judged& judged) {
  const auto& course = judged.course;
  if (!judged.group)
    return fmt::format("no rule group matches service=\"{}\", environment=\"{}\"", course.release.spec.service,
                       course.release.spec.environment);
  if (const auto* cause = replay::gravest(course))
    return fmt::format("{}; {}", cause->decision.reason, recovered(course));
  if (course.ending == Ending::warned) return warnings(judged);
  if (course.ending == Ending::unverified) return course.reason + unread(judged);
  return nearest(judged) + unread(judged);
}

std::string others_text(const Side& side) {
  const auto summary = replay::summary_of(side.judged);
  std::vector<std::string> out;
  for (const auto& [ending, words] :
       {std::pair{Ending::asked, "a person would have been asked about"}, std::pair{Ending::held, "held back"},
        std::pair{Ending::breached, "found broken too late"}, std::pair{Ending::warned, "passed with a warning"},
        std::pair{Ending::passed, "passed"}, std::pair{Ending::unverified, "unverified"},
        std::pair{Ending::superseded, "replaced meanwhile"}, std::pair{Ending::cut_short, "not over"}})
    if (const auto number = count(summary, ending); number > 0) out.push_back(fmt::format("{} {}", number, words));
  if (summary.unmatched > 0) out.push_back(fmt::format("{} that no rule group matches", summary.unmatched));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string summary_text(const Side& side) {
  const auto summary = replay::summary_of(side.judged);
  const auto back = count(summary, Ending::rolled_back);
  const auto kept = back - summary.rolled_back_undone;
  auto out = fmt::format("{} of {} would have been rolled back", back, summary.judged);
  if (back > 0)
    out += fmt::format(": {} that {} undone later anyway, {} that {} kept", summary.rolled_back_undone,
                       summary.rolled_back_undone == 1 ? "was" : "were", kept, kept == 1 ? "was" : "were");
  if (const auto others = others_text(side); !others.empty()) out += "; " + others;
  if (summary.quiet) out += fmt::format("; {} between two that were kept", short_duration(*summary.quiet));
  return out;
}

bool differs(const Backtest& backtest, std::size_t index) {
  if (backtest.sides.size() < 2) return false;
  const auto& one = backtest.sides[0].judged[index];
  const auto& other = backtest.sides[1].judged[index];
  return badge_of(one).words != badge_of(other).words;
}

}  // namespace guard::report
