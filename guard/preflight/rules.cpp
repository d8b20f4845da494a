// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/rules.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/questions.hpp"
#include "guard/metrics/read_ahead.hpp"
#include "guard/preflight/subject.hpp"
#include "guard/promql/lint.hpp"
#include "guard/replay/replay.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::preflight {
namespace {

using model::Check;
using model::CheckState;
using model::Evaluation;
using model::Outcome;
using model::Rule;

// A day is looked at in steps of this, however often a release would be read: what lasts shorter than that is no
// breach, and a share is counted from every scrape anyway.
constexpr Duration day_step = std::chrono::minutes(1);

struct Grid {
  Duration length{0};
  Duration step{0};
};

// The group's rules on metrics as they are judged without a release: from the first reading on, and what stood before
// counts.
model::RuleGroupPtr without_release(const model::RuleGroup& group, const std::vector<Rule>& rules, Grid grid) {
  auto out = std::make_shared<model::RuleGroup>(group);
  out->window = grid.length;
  out->interval = grid.step;
  out->settle = Duration{0};
  out->serves.reset();
  out->rules.clear();
  for (const auto& rule : rules) {
    if (!model::is_measured(rule.kind)) continue;
    out->rules.push_back(rule);
    out->rules.back().preexisting = model::Preexisting::rollback;
    // Of a past without samples nobody knows whether the service was away or Prometheus was.
    out->rules.back().on_no_data = out->rules.back().on_error = model::MissingPolicy::hold;
  }
  return out;
}

struct LookedBack {
  model::RuleGroupPtr group;
  replay::Course course;
  bool whole = true;  // false: the time was over before the end of the grid
};

LookedBack look_back(const Situation& situation, const Means& means, const std::vector<Rule>& rules, Grid grid) {
  LookedBack seen;
  seen.group = without_release(*situation.group, rules, grid);
  const auto now = situation.now.wall;
  metrics::ReadAhead ahead(*means.metrics, {grid.step, now});
  const replay::History history{ahead, now, left(situation, means)};
  replay::Release release;
  release.spec = live_since(situation, now - grid.length);
  seen.course = replay::replay(release, seen.group, history,
                               [&](const auto&, Instant) { return seen.whole = !is_over(situation, means); });
  return seen;
}

std::string advice_on(const Rule& rule, const promql::Subject& subject) {
  for (const auto* name : {"advice", "runbook_url"}) {
    const auto it = rule.annotations.find(name);
    if (it == rule.annotations.end()) continue;
    if (auto text = it->second.render(subject)) return std::move(*text);
  }
  return "";
}

// What is wrong before a release is not the release's, and would be laid at its door or hide what it does.
Check as_check(const Rule& rule, const Evaluation& reading, const promql::Subject& subject) {
  const auto& name = rule.slo;
  const auto advised = advice_on(rule, subject);
  const auto or_else = [&](std::string_view words) { return advised.empty() ? std::string(words) : advised; };
  switch (reading.outcome) {
    case Outcome::ok:
      return {name, CheckState::passed, reading.detail, ""};
    case Outcome::breach:
      return {name, CheckState::failed, reading.detail,
              or_else("mend it first: what is broken already hides what the release breaks")};
    case Outcome::no_data:
      if (reading.reason == model::Reason::too_few_events || reading.reason == model::Reason::low_traffic)
        return {name, CheckState::unknown, reading.detail, "look at the last day, or wait for more traffic"};
      return {name, CheckState::failed, reading.detail,
              or_else("a release could not be judged by this rule: compare its expression with what is exported")};
    case Outcome::error:
      return {name, CheckState::failed, reading.detail,
              or_else("a release could not be judged by this rule: try its expression on the server")};
  }
  return {name, CheckState::unknown, reading.detail, ""};
}

Check out_of_time(const std::string& name) {
  return {name, CheckState::unknown, "the time for this preflight was over before it was read",
          "see why Prometheus is slow, and try again"};
}

// An expression that looks back further than its release is old tells nothing of it.
Duration long_enough_for(const std::vector<Rule>& rules) {
  auto out = recently;
  for (const auto& rule : rules)
    if (const auto range = rule.expr ? promql::longest_range(rule.expr->source()) : std::nullopt)
      out = std::max(out, 2 * range->length);
  return out;
}

std::string worst_of(const replay::RuleCourse& course, const Rule& rule) {
  if (!course.worst) return "";
  const auto unit = model::value_unit(rule.objective);
  const auto text = course.bound ? model::format_against(*course.worst, *course.bound, unit)
                                 : model::format_quantity(*course.worst, unit);
  return fmt::format("at worst {} against {} at {}", text, model::objective_text(rule), time_text(*course.worst_at));
}

Check of_the_day(const Rule& rule, const replay::RuleCourse& course, const model::RuleState& state) {
  const auto name = rule.slo + " (last 24h)";
  if (course.breached_at) {
    const auto seen = fmt::format("broken at {}: {}", time_text(*course.breached_at), course.detail);
    if (rule.action == model::Action::warn) return {name, CheckState::passed, seen + "; it would only warn", ""};
    return {name, CheckState::failed, seen,
            "a release at that time would have been blamed: find out what it was before this one begins"};
  }
  const auto judged = course.readings - course.no_data - course.errors;
  if (judged == 0)
    return {name, CheckState::unknown,
            course.first_error.empty() ? (state.last ? state.last->detail : "nothing was read") : course.first_error,
            "nothing of the last day tells whether this objective holds"};
  // The last reading of a share or a count has counted the whole day.
  auto seen = rule.kind != model::RuleKind::expr && state.last ? state.last->detail : worst_of(course, rule);
  if (judged * 10 < course.readings * 9)
    seen += fmt::format("; {} of {} readings could be judged", judged, course.readings);
  return {name, CheckState::passed, std::move(seen), ""};
}

}  // namespace

model::Checks look_at_rules_now(const Situation& situation, const Means& means) {
  model::Checks out;
  if (!means.metrics) return out;
  const auto& rules = situation.group->rules;
  const auto seen = look_back(situation, means, rules, {long_enough_for(rules), situation.group->interval});
  const auto subject = subject_of(situation);
  for (std::size_t i = 0; i < seen.group->rules.size(); ++i) {
    const auto& rule = seen.group->rules[i];
    const auto& last = seen.course.watch.rules[i].last;
    out.push_back(seen.whole && last ? as_check(rule, *last, subject) : out_of_time(rule.slo));
  }
  return out;
}

model::Checks look_at_last_day(const Situation& situation, const Means& means) {
  model::Checks out;
  if (!means.metrics) return out;
  const auto step = std::max(day_step, situation.group->interval);
  const auto seen = look_back(situation, means, situation.group->rules, {a_day, step});
  for (std::size_t i = 0; i < seen.group->rules.size(); ++i) {
    const auto& rule = seen.group->rules[i];
    out.push_back(seen.whole ? of_the_day(rule, seen.course.rules[i], seen.course.watch.rules[i])
                             : out_of_time(rule.slo + " (last 24h)"));
  }
  return out;
}

model::Checks look_at_preflight_rules(const Situation& situation, const Means& means) {
  model::Checks out;
  if (!means.metrics) return out;
  const auto subject = subject_of(situation);
  for (const auto& rule : situation.group->preflight) {
    if (is_over(situation, means)) {
      out.push_back(out_of_time(rule.slo));
      continue;
    }
    const auto query = core::rendered_query(rule, subject);
    core::ExprAnswer answer;
    answer.value = query ? means.metrics->query({*query, situation.now.wall, left(situation, means)})
                         : model::Samples(std::unexpected(
                               model::SourceError{model::Reason::template_refused, query.error().message, false}));
    out.push_back(as_check(rule, core::evaluate_expr(rule, subject, answer, situation.now), subject));
  }
  return out;
}

}  // namespace guard::preflight
