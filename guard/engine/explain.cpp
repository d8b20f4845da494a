// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/explain.hpp"

#include "guard/base/duration.hpp"
#include "guard/engine/next_steps.hpp"
#include "guard/engine/round.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::Rule;
using core::RuleState;
using core::Verdict;
using core::Watch;

std::string counted_so_far(const Rule& rule, const RuleState& state) {
  if (rule.breach.count > 0)
    return fmt::format("{} of the last {} readings are in breach; {} of {} make it a breach",
                       std::count(state.recent.begin(), state.recent.end(), true), state.recent.size(),
                       rule.breach.count, rule.breach.of);
  return fmt::format("in breach for {} without a break; {} make it a breach", format_duration(state.breach_for),
                     format_duration(rule.breach.sustained));
}

std::string pending(const Rule& rule, const RuleState& state) {
  auto out = counted_so_far(rule, state);
  if (state.repeated_for > Duration{0} && state.counted_sample)
    out += fmt::format("; there is no newer sample than that of {}, and one sample counts once",
                       format_time(*state.counted_sample));
  return out;
}

// What came back, and where no value did, what it would have been held against.
std::string reading(const Rule& rule, const core::Evaluation& last) {
  const bool compared = last.outcome == core::Outcome::ok || last.outcome == core::Outcome::breach;
  return compared && rule.kind == core::RuleKind::expr
             ? last.detail
             : fmt::format("{} (the objective is: {})", last.detail, core::objective_text(rule));
}

std::string why(const Rule& rule, const RuleState& state) {
  if (state.reason == core::Reason::breach_pending) return pending(rule, state);
  std::string out(explain(state.reason));
  if (state.verdict == Verdict::breached && !state.in_breach)
    out += "; at the latest reading it is not in breach, which does not undo it";
  return out;
}

std::string sentence(const Rule& rule, const RuleState& state, const std::string& query) {
  if (!state.last) return fmt::format("{} has not been read yet; it will be asked: {}", rule.slo, query);
  return fmt::format("asked {} at {}: {}; {} since {}: {}", query, format_time(state.last->at.wall),
                     reading(rule, *state.last), to_string(state.verdict), format_time(state.verdict_since),
                     why(rule, state));
}

std::map<std::string, std::string> annotations(const Rule& rule, const RuleState& state, core::Subject subject) {
  subject.extra["slo"] = rule.slo;
  subject.extra["objective"] = core::objective_text(rule);
  subject.extra["value"] = state.last && state.last->value
                               ? core::format_quantity(*state.last->value, core::value_unit(rule.objective))
                               : "unknown";
  std::map<std::string, std::string> out;
  for (const auto& [name, text] : rule.annotations) {
    const auto rendered = text.render(subject);
    out[name] = rendered ? *rendered : text.source();
  }
  return out;
}

RuleView rule_view(const Watch& watch, std::size_t index, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  RuleView view;
  view.slo = rule.slo;
  view.kind = rule.kind;
  view.action = rule.action;
  const auto query = rendered_query(rule, watch.subject(now));
  view.query = query ? *query : fmt::format("cannot be asked: {}", query.error().message);
  view.objective = core::objective_text(rule);
  view.unit = core::value_unit(rule.objective);
  view.baseline = state.baseline;
  view.verdict = state.verdict;
  view.reason = state.reason;
  view.since = state.verdict_since;
  if (rule.kind == core::RuleKind::expr) view.bound = core::resolve(rule.objective, state.baseline);
  if (state.last) {
    view.value = state.last->value;
    if (state.last->bound) view.bound = state.last->bound;
    view.outcome = state.last->outcome;
    view.reading_reason = state.last->reason;
    view.read_at = state.last->at.wall;
  }
  view.why = why(rule, state);
  view.explanation = sentence(rule, state, view.query);
  view.annotations = annotations(rule, state, watch.subject(now));
  return view;
}

}  // namespace

ReleaseView view_of(const Watch& watch, Instant now) {
  ReleaseView view;
  view.spec = watch.spec;
  view.phase = watch.phase;
  view.phase_since = watch.phase_since;
  view.reason = watch.phase_reason;
  view.announced_at = watch.announced_at;
  view.live_at = watch.live_at;
  view.ended_at = watch.ended_at;
  view.paused = watch.paused;
  view.is_rollback = watch.is_rollback;
  view.breach_decided = watch.breach_decided;
  view.group = watch.group->name;
  view.mode = watch.group->rollback.mode;
  view.hook = watch.group->rollback.hook;
  if (watch.live_at) {
    view.settle_end = when_aged(watch, watch.group->settle, now);
    view.window_end = when_aged(watch, watch.group->window, now);
  }
  view.needs_person = person_needed(watch);
  view.next = next_steps(watch, now);
  for (std::size_t i = 0; i < watch.rules.size(); ++i) view.rules.push_back(rule_view(watch, i, now));
  view.signals = watch.signals;
  view.decisions = watch.decisions;
  return view;
}

std::string_view explain(core::Reason reason) {
  using R = core::Reason;
  switch (reason) {
    case R::objective_met:
      return "the objective holds";
    case R::objective_broken:
      return "the objective is broken";
    case R::fatal_broken:
      return "the fatal bound is crossed, which is a breach at the first reading";
    case R::empty_result:
      return "the query returned no series";
    case R::not_a_number:
      return "the query returned NaN, as a division by zero does";
    case R::stale_sample:
      return "the newest sample is older than max_age";
    case R::low_traffic:
      return "only_if does not hold, so there is too little to judge";
    case R::baseline_missing:
      return "there is no baseline to compare with";
    case R::signal_missing:
      return "the pipeline has not posted this signal";
    case R::alertmanager_silent:
      return "Alertmanager has not been heard of for max_age";
    case R::infinite_value:
      return "the query returned an infinite value";
    case R::several_series:
      return "the query returned several series and the rule has no reduce";
    case R::query_failed:
      return "the question could not be answered";
    case R::partial_result:
      return "the server warned that its answer is not whole";
    case R::wrong_type:
      return "the answer is not of a kind that can be judged";
    case R::template_refused:
      return "the expression could not be filled in";
    case R::past_unknown:
      return "the time before the release could not be read, so a breach may be an old one";
    case R::not_read_yet:
      return "it has not been read yet";
    case R::settling:
      return "the release is settling; readings do not count yet";
    case R::paused:
      return "the watch is paused";
    case R::breach_pending:
      return "in breach, but not for long enough yet";
    case R::breach_sustained:
      return "in breach without a break for as long as the rule asks";
    case R::breach_counted:
      return "in breach in as many readings as the rule asks";
    case R::preexisting:
      return "it was in breach before the deployment began, so it is not the release's";
    case R::held:
      return "nothing could be judged, and the rule says hold: neither good nor bad until it can be";
    case R::ignored:
      return "nothing could be judged, and the rule says ignore: it is left out";
    case R::recovered:
      return "an earlier breach has ended";
  }
  return "";
}

}  // namespace guard::engine
