// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/explain.hpp"

#include "guard/base/duration.hpp"
#include "guard/engine/round.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::Phase;
using core::Rule;
using core::RuleState;
using core::Verdict;
using core::Watch;

// When `age` will be reached, as things stand; nothing while the clock stands still.
std::optional<WallTime> when(const Watch& watch, Duration age, Instant now) {
  if (!watch.clock.as_of) return std::nullopt;
  return now.wall + (age - watch.clock.age(now));
}

std::string pending(const Rule& rule, const RuleState& state) {
  if (rule.breach.count > 0)
    return fmt::format("{} of the last {} readings are in breach, {} make it one",
                       std::count(state.recent.begin(), state.recent.end(), true), rule.breach.of, rule.breach.count);
  return fmt::format("in breach for {} without a break, {} make it one", format_duration(state.breach_for),
                     format_duration(rule.breach.sustained));
}

std::string why(const Rule& rule, const RuleState& state) {
  if (state.reason == core::Reason::breach_pending) return pending(rule, state);
  const bool no_judgement = state.reason == core::Reason::held || state.reason == core::Reason::ignored;
  if (no_judgement && state.last) return fmt::format("{}: {}", explain(state.reason), explain(state.last->reason));
  return std::string(explain(state.reason));
}

std::string sentence(const Rule& rule, const RuleState& state, const std::string& query) {
  if (!state.last) return fmt::format("{} has not been read yet; it will be asked: {}", rule.slo, query);
  const auto now_is =
      state.verdict == Verdict::breached && !state.in_breach ? "; at the latest reading it is not in breach" : "";
  return fmt::format("asked {} at {}: {}; {} since {}: {}{}", query, format_time(state.last->at.wall),
                     state.last->detail, to_string(state.verdict), format_time(state.verdict_since), why(rule, state),
                     now_is);
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

void next_while_judged(const Watch& watch, Instant now, std::vector<NextStep>& next) {
  if (watch.paused) {
    next.push_back({"paused: nothing is judged and the window stands still until a person resumes it", std::nullopt});
    return;
  }
  if (watch.phase == Phase::settling)
    next.push_back({"settling ends; readings begin to count", when(watch, watch.group->settle, now)});
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (state.verdict != Verdict::pending || rule.breach.count > 0) continue;
    const auto outcome = rule.action == core::Action::warn ? "a warning" : "a breach";
    next.push_back({fmt::format("{} becomes {} if its objective stays broken", rule.slo, outcome),
                    now.wall + rule.breach.sustained - state.breach_for});
  }
  const auto ending = watch.breach_decided
                          ? "the window ends: unverified, because an objective was breached"
                          : "the window ends: passed if every objective holds on enough evidence, else unverified";
  next.push_back({ending, when(watch, watch.group->window, now)});
}

void next_of_rollback(const Watch& watch, std::vector<NextStep>& next) {
  const auto* open = watch.open_rollback();
  if (open == nullptr) return;
  if (open->state == core::CallState::calling)
    next.push_back(
        {fmt::format("hook {} is being called (attempt {}); its outcome decides", open->hook, open->attempts.size()),
         std::nullopt});
  else
    next.push_back(
        {fmt::format("hook {} is called (attempt {})", open->hook, open->attempts.size() + 1), open->next_attempt_at});
}

std::vector<NextStep> next_steps(const Watch& watch, Instant now) {
  std::vector<NextStep> next;
  switch (watch.phase) {
    case Phase::deploying:
      next.push_back({"the pipeline says it is live; until then nothing is judged", std::nullopt});
      break;
    case Phase::settling:
    case Phase::watching:
      next_while_judged(watch, now, next);
      break;
    case Phase::awaiting_approval:
      next.push_back({"a person approves the rollback, or aborts the watch", std::nullopt});
      next.push_back({"the window ends: unverified, if nobody approved", when(watch, watch.group->window, now)});
      break;
    case Phase::rolling_back:
      next_of_rollback(watch, next);
      break;
    case Phase::verifying:
      next.push_back(
          {"rolled_back as soon as every objective holds again; rollback_failed if one is still broken then, "
           "unverified if that cannot be told",
           when(watch, watch.verify_began + watch.group->rollback.verify, now)});
      break;
    case Phase::passed:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::rollback_failed:
    case Phase::aborted:
    case Phase::superseded:
      break;
  }
  return next;
}

std::string person_needed(const Watch& watch) {
  switch (watch.phase) {
    case Phase::awaiting_approval:
      return "approve the rollback or abort: " + watch.phase_reason;
    case Phase::rollback_failed:
      return watch.phase_reason;
    case Phase::settling:
    case Phase::watching:
      if (!watch.decisions.empty() && watch.decisions.back().kind == core::DecisionKind::hold)
        return "a breach is not rolled back: " + watch.decisions.back().reason;
      return "";
    case Phase::deploying:
    case Phase::rolling_back:
    case Phase::verifying:
    case Phase::passed:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::aborted:
    case Phase::superseded:
      return "";
  }
  return "";
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
    view.settle_end = when(watch, watch.group->settle, now);
    view.window_end = when(watch, watch.group->window, now);
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
      return "no judgement, and the rule says hold";
    case R::ignored:
      return "no judgement, and the rule says ignore";
    case R::recovered:
      return "an earlier breach has ended";
  }
  return "";
}

}  // namespace guard::engine
