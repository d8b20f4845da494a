// SPDX-License-Identifier: Apache-2.0
#include "guard/core/window.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/reason_words.hpp"
#include "guard/core/remedy.hpp"
#include "guard/core/serving.hpp"
#include "guard/core/share_bounds.hpp"
#include "guard/core/share_words.hpp"
#include "guard/promql/freshness.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

// The share of the time asked for in which the rule could be judged; what it ignores is not asked for.
double evidence_share(const RuleGroup& group, const RuleState& state) {
  const auto asked = group.window - group.settle - state.ignored;
  if (asked <= Duration{0}) return state.observed > Duration{0} ? 1 : 0;
  return static_cast<double>(state.observed.count()) / static_cast<double>(asked.count());
}

// False where everything was left out as its policy says. Warnings are evidence only in a group of warnings alone.
bool judged_at_all(const Watch& watch) {
  const auto& rules = watch.group->rules;
  const bool only_warns = std::none_of(rules.begin(), rules.end(), decides);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& state = watch.rules[i];
    const bool judged = state.observed > Duration{0} || state.verdict == Verdict::ok;
    if (judged && (only_warns || decides(rules[i]))) return true;
  }
  return false;
}

// Asked for a pass: what leads to a rollback and was not left out.
bool is_asked(const Rule& rule, const RuleState& state) {
  return decides(rule) && !excused(state);
}

// True where the rule was judged for long enough and only the reading at the end is missing.
bool only_end_is_missing(const RuleGroup& group, const Rule& rule, const RuleState& state) {
  return is_asked(rule, state) && rule.kind != RuleKind::signal && state.verdict == Verdict::unknown &&
         state.reason == Reason::held && evidence_share(group, state) >= needed_evidence;
}

// True where the rule asks for proof and what was counted does not give it.
bool is_unproven(const Rule& rule, const RuleState& state) {
  return rule.share && state.share && rule.share->proof == Proof::required &&
         hidden_share(state.share->events) > rule.objective.bound;
}

// True where the objective was not kept over the whole watch, though each time for so short that it was no breach.
bool is_broken_on_the_whole(const Rule& rule, const RuleState& state) {
  constexpr double doubt = 0.001;
  return rule.share && state.share && least_share(state.share->events, doubt) > rule.objective.bound;
}

// "error_rate could be judged for 40% of the window; at its end: the query returned no series"
std::string why_open(const RuleGroup& group, const Rule& rule, const RuleState& state) {
  if (state.reason == Reason::held && state.last && state.last->reason == Reason::too_few_events)
    return fmt::format("{} had too few events: {}", rule.slo, state.last->detail);
  if (rule.kind == RuleKind::signal || state.reason != Reason::held || !state.last)
    return fmt::format("{} is {}: {}", rule.slo, to_string(state.verdict), explain(state.reason));
  return fmt::format("{} could be judged for {:.0f}% of the window; at its end: {}", rule.slo,
                     std::floor(evidence_share(group, state) * 100), state.last->detail);
}

// What keeps the release from passing, in words; empty if nothing does.
std::vector<std::string> open_questions(const Watch& watch, Instant now) {
  std::vector<std::string> open;
  if (watch.disturbance) open.push_back(*watch.disturbance);
  if (watch.awaits_serving()) {
    open.push_back(not_serving_words(watch, now));
    return open;
  }
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!is_asked(rule, state)) continue;
    const auto share = evidence_share(*watch.group, state);
    if (state.verdict != Verdict::ok)
      open.push_back(why_open(*watch.group, rule, state));
    else if (is_broken_on_the_whole(rule, state))
      open.push_back(fmt::format("{} held at the end, but not over the whole of it: {}", rule.slo,
                                 state.last ? state.last->detail : ""));
    else if (is_unproven(rule, state))
      open.push_back(fmt::format("{} is not proven: {}", rule.slo, kept_words(rule, *state.share)));
    else if (rule.kind != RuleKind::signal && share < needed_evidence)
      open.push_back(
          fmt::format("{} could be judged for only {:.0f}% of the window", rule.slo, std::floor(share * 100)));
  }
  if (open.empty() && !judged_at_all(watch)) open.emplace_back("no objective was ever judged");
  return open;
}

// What nobody saw of each objective that can roll back, beyond the readings at both ends; empty if all was seen.
std::vector<std::string> unseen(const Watch& watch) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!is_asked(rule, state) || rule.kind == RuleKind::signal) continue;
    const auto seen = state.observed + state.ignored;
    const auto asked = watch.group->window - watch.group->settle;
    if (asked - seen <= most_covered(watch.group->interval)) continue;
    out.push_back(fmt::format("{} for {:.0f}%", rule.slo, std::floor(evidence_share(*watch.group, state) * 100)));
  }
  return out;
}

// On how many events the objectives were kept whose events are counted, and what may hide behind them; empty without
// such.
std::string counted(const Watch& watch) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (rule.share && state.share && is_asked(rule, state))
      out.push_back(fmt::format("{}: {}", rule.slo, kept_words(rule, *state.share)));
    if (rule.count && is_asked(rule, state) && state.last)
      out.push_back(fmt::format("{}: {}", rule.slo, state.last->detail));
  }
  return out.empty() ? "" : fmt::format("; {}", fmt::join(out, "; "));
}

Duration reach_as_written(const Rule& rule, Duration window) {
  if (!rule.expr) return Duration{0};
  return promql::reach(promql::read_selectors(rule.expr->source(), promql::Syntax::promql), window).start;
}

// What a policy passed over of each objective that can roll back, beyond the readings at both ends and what reached
// back before the release; empty if nothing.
std::string passed_over(const Watch& watch) {
  const auto& group = *watch.group;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = group.rules[i];
    if (!decides(rule) || rule.kind == RuleKind::signal) continue;
    const auto early = reach_as_written(rule, group.window);
    const auto ignored = watch.rules[i].ignored - early;
    if (ignored <= most_covered(group.interval)) continue;
    const auto share =
        std::chrono::duration<double>(ignored) / std::chrono::duration<double>(group.window - group.settle);
    out.push_back(fmt::format("{} for {:.0f}%", rule.slo, std::ceil(100 * std::min(1.0, share))));
  }
  return out.empty() ? "" : fmt::format("; left out, as their policies say: {}", fmt::join(out, ", "));
}

// "every objective held over 2h", and what it does not cover.
std::string held_over_window(const Watch& watch) {
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (!decides(watch.group->rules[i]) && watch.rules[i].verdict == Verdict::breached)
      broken.push_back(evidence(watch.group->rules[i], watch.rules[i]));
  const auto gaps = unseen(watch);
  auto window = format_duration(watch.group->window);
  if (!gaps.empty()) window = fmt::format("what was seen of {}, which is of {}", window, fmt::join(gaps, ", of "));
  auto tried = remedies_tried(watch);
  for (auto& words : tried) words.insert(0, "; ");
  const auto rest = fmt::format("{}{}{}", fmt::join(tried, ""), counted(watch), passed_over(watch));
  if (broken.empty()) return fmt::format("every objective held over {}{}", window, rest);
  return fmt::format("every objective that can roll back held over {}; broken, with a warning only: {}{}", window,
                     fmt::join(broken, "; "), rest);
}

// How long a breach must last before it counts.
Duration must_last(const Rule& rule) {
  return rule.share ? short_incident : rule.breach.sustained;
}

// A breach that is pending when the window ends is followed to its end, but not for ever.
bool follow_pending(const Watch& watch, Duration age) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    if (!decides(rule) || watch.rules[i].verdict != Verdict::pending) continue;
    const auto readings = rule.breach.count > 0 ? rule.breach.of : 2;
    if (age < watch.group->window + must_last(rule) + readings * watch.group->interval) return true;
  }
  return false;
}

// "error_rate: 20% against < 1%", of every rule that led to a conclusion; each once, in its latest words.
std::string what_broke(const Watch& watch) {
  std::vector<std::string> slos;
  std::vector<std::string> broken;
  for (auto it = watch.decisions.rbegin(); it != watch.decisions.rend(); ++it) {
    if (!is_conclusion(it->kind) || it->slo.empty() || std::find(slos.begin(), slos.end(), it->slo) != slos.end())
      continue;
    slos.push_back(it->slo);
    broken.insert(broken.begin(), it->reason);
  }
  return fmt::format("{}", fmt::join(broken, "; "));
}

// The end of a watch that found a breach and called nothing.
Step end_of_breached(const Watch& watch, std::string_view how) {
  if (is_certainly_breached(watch))
    return concluded(Event::window_breached, DecisionKind::breached, fmt::format("{}: {}", how, what_broke(watch)));
  const auto doubt = watch.disturbance.value_or("another release was being deployed in its place");
  return concluded(Event::window_unverified, DecisionKind::unverified,
                   fmt::format("{}; nobody knows whose breach it was ({}): {}", how, doubt, what_broke(watch)));
}

// True where nobody has asked for a while, as when the guard was down: the next reading makes up for it.
bool is_to_be_made_up_for(const Watch& watch, std::size_t index, Instant now) {
  const auto& state = watch.rules[index];
  if (!is_measured(watch.group->rules[index].kind) || !is_asked(watch.group->rules[index], state)) return false;
  if (!state.answered || !state.last) return false;
  const auto since = now.mono - state.last->at.mono;
  return since > most_covered(watch.group->interval) && watch.clock.age(now) - since < watch.group->window;
}

// True where a breach was found afterwards and stood at the latest reading: the next one acts on it.
bool is_to_be_confirmed(const Watch& watch, const RuleState& state) {
  return state.latched && state.in_breach && !state.standing && !watch.breach_decided;
}

// A reading that is missing just when the window ends does not decide alone: the next few are waited for.
bool wait_for_reading(const Watch& watch, Instant now) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (is_to_be_made_up_for(watch, i, now) || is_to_be_confirmed(watch, watch.rules[i])) return true;
  if (watch.clock.age(now) >= watch.group->window + readings_waited_for * watch.group->interval) return false;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (only_end_is_missing(*watch.group, watch.group->rules[i], watch.rules[i])) return true;
  return false;
}

// True while a brake holds back what a breach that stands has called.
bool is_call_held(const Watch& watch) {
  return std::ranges::any_of(watch.decisions, [&](const auto& decision) { return holds_call(watch, decision); });
}

}  // namespace

bool is_certainly_breached(const Watch& watch) {
  if (watch.disturbance) return false;
  return std::any_of(watch.decisions.begin(), watch.decisions.end(), [&](const Decision& decision) {
    const bool concludes = is_conclusion(decision.kind) && (!is_held_call(decision) || holds_call(watch, decision));
    return concludes && decision.trigger != Trigger::manual && decision.brake != Brake::deploying;
  });
}

Step review_unanswered(const Watch& watch) {
  return end_of_breached(watch, "the window ended and nobody approved the rollback");
}

Step concluded(Event event, DecisionKind kind, std::string reason) {
  Decision decision;
  decision.kind = kind;
  decision.trigger = Trigger::window;
  decision.reason = reason;
  return {event, std::move(decision), std::move(reason)};
}

Duration approval_until(const Watch& watch) {
  return std::max(watch.group->window, watch.phase_began + watch.group->rollback.verify);
}

std::optional<Step> review_window(const Watch& watch, Instant now) {
  const auto age = watch.clock.age(now);
  if (watch.is_calling() || age < watch.group->window || follow_pending(watch, age)) return std::nullopt;
  if (watch.breach_decided || is_call_held(watch))
    return end_of_breached(watch, "the window ended and nothing was rolled back");
  if (may_yet_help(watch, now) || wait_for_reading(watch, now)) return std::nullopt;
  const auto open = open_questions(watch, now);
  if (open.empty()) return concluded(Event::window_passed, DecisionKind::pass, held_over_window(watch));
  return concluded(Event::window_unverified, DecisionKind::unverified,
                   fmt::format("the window ended without enough evidence: {}", fmt::join(open, "; ")));
}

}  // namespace guard::core
