// SPDX-License-Identifier: Apache-2.0
#include "guard/core/reviewer.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/reason_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

bool decides(const Rule& rule) {
  return rule.action == Action::rollback;
}

bool judged_now(const Watch& watch, const Rule& rule) {
  return watch.phase != Phase::settling || rule.kind == RuleKind::signal;
}

std::string evidence(const Rule& rule, const RuleState& state) {
  return fmt::format("{}: {}", rule.slo, state.last ? state.last->detail : "not read yet");
}

Trigger trigger_of(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::expr:
      return Trigger::objective;
    case RuleKind::alerts:
      return Trigger::alert;
    case RuleKind::signal:
      return Trigger::signal;
  }
  return Trigger::objective;
}

std::string key_of(const Watch& watch, int number) {
  return fmt::format("{}/{}/{}/{}", watch.spec.service, watch.spec.environment, watch.spec.id, number);
}

Step concluded(const Event event, DecisionKind kind, std::string reason) {
  Decision decision;
  decision.kind = kind;
  decision.trigger = Trigger::window;
  decision.reason = reason;
  return {event, std::move(decision), std::move(reason)};
}

std::optional<Event> event_of(DecisionKind kind) {
  if (kind == DecisionKind::rollback) return Event::breach;
  if (kind == DecisionKind::ask) return Event::ask;
  return std::nullopt;  // would_rollback and hold leave the release where it is
}

// The same conclusion about a rule is recorded once, not at each reading.
bool already_said(const Watch& watch, const Decision& decision) {
  const auto same = [&](const Decision& said) { return said.kind == decision.kind && said.brake == decision.brake; };
  const auto run = std::find_if_not(watch.decisions.rbegin(), watch.decisions.rend(), same);
  return std::any_of(watch.decisions.rbegin(), run, [&](const Decision& said) { return said.slo == decision.slo; });
}

Step breach_step(const Watch& watch, std::size_t index, const BrakeState& brakes, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  const auto result = on_breach(watch, brakes);
  Decision decision;
  decision.kind = result.kind;
  decision.brake = result.brake;
  decision.trigger = trigger_of(rule);
  decision.slo = rule.slo;
  decision.reason = evidence(rule, state);
  if (!result.reason.empty())
    decision.reason += (result.kind == DecisionKind::hold ? "; held: " : "; but it would be held: ") + result.reason;
  decision.detected_at = now.wall - state.breach_for;
  auto reason = decision.reason;
  return {event_of(result.kind), std::move(decision), std::move(reason)};
}

// The first rule for which a rollback is called for now.
std::optional<std::size_t> standing_breach(const Watch& watch) {
  if (watch.paused) return std::nullopt;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    if (decides(rule) && judged_now(watch, rule) && breach_stands(watch.rules[i])) return i;
  }
  return std::nullopt;
}

std::optional<Step> review_breaches(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto rule = standing_breach(watch);
  if (!rule) return std::nullopt;
  auto step = breach_step(watch, *rule, brakes, now);
  if (!step.event && already_said(watch, *step.decision)) return std::nullopt;
  return step;
}

bool excused(const RuleState& state) {
  return state.verdict == Verdict::unknown && state.reason == Reason::ignored;
}

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

// What keeps the release from passing, in words; empty if nothing does.
std::vector<std::string> open_questions(const Watch& watch) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!decides(rule) || excused(state)) continue;
    const auto share = evidence_share(*watch.group, state);
    if (state.verdict != Verdict::ok)
      open.push_back(fmt::format("{} is {}: {}", rule.slo, to_string(state.verdict), explain(state.reason)));
    else if (rule.kind != RuleKind::signal && share < needed_evidence)
      open.push_back(
          fmt::format("{} could be judged for only {:.0f}% of the window", rule.slo, std::floor(share * 100)));
  }
  if (open.empty() && !judged_at_all(watch)) open.emplace_back("no objective was ever judged");
  return open;
}

// "every objective held over 2h", and what it does not cover.
std::string held_over_window(const Watch& watch) {
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (!decides(watch.group->rules[i]) && watch.rules[i].verdict == Verdict::breached)
      broken.push_back(evidence(watch.group->rules[i], watch.rules[i]));
  const auto window = format_duration(watch.group->window);
  if (broken.empty()) return fmt::format("every objective held over {}", window);
  return fmt::format("every objective that can roll back held over {}; broken, with a warning only: {}", window,
                     fmt::join(broken, "; "));
}

// A breach that is pending when the window ends is followed to its end, but not for ever.
bool follow_pending(const Watch& watch, Duration age) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    if (!decides(rule) || watch.rules[i].verdict != Verdict::pending) continue;
    const auto readings = rule.breach.count > 0 ? rule.breach.of : 2;
    if (age < watch.group->window + rule.breach.sustained + readings * watch.group->interval) return true;
  }
  return false;
}

std::optional<Step> review_window(const Watch& watch, Instant now) {
  const auto age = watch.clock.age(now);
  if (age < watch.group->window || follow_pending(watch, age)) return std::nullopt;
  if (watch.breach_decided)
    return concluded(Event::window_unverified, DecisionKind::unverified,
                     "the window ended; an objective was breached and no rollback was made");
  const auto open = open_questions(watch);
  if (open.empty()) return concluded(Event::window_passed, DecisionKind::pass, held_over_window(watch));
  return concluded(Event::window_unverified, DecisionKind::unverified,
                   fmt::format("the window ended without enough evidence: {}", fmt::join(open, "; ")));
}

// After a rollback the pipeline's verdict on the old release and breaches from before it say nothing.
bool counts_in_verification(const Rule& rule, const RuleState& state) {
  return decides(rule) && rule.kind != RuleKind::signal && !state.past.breached && !excused(state);
}

// A group of signals alone has nothing to look at after a rollback, and never will: the hook's word is all there is.
bool measures(const RuleGroup& group) {
  return std::any_of(group.rules.begin(), group.rules.end(),
                     [](const Rule& rule) { return rule.kind != RuleKind::signal; });
}

// How the rules stand after a rollback, in words.
struct AfterRollback {
  std::size_t counted = 0;
  std::vector<std::string> broken;
  std::vector<std::string> unknown;
  Duration recovering{0};  // an objective holds, and this long would be enough
};

AfterRollback look_after_rollback(const Watch& watch) {
  AfterRollback out;
  const auto interval = watch.group->interval;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!counts_in_verification(rule, state)) continue;
    ++out.counted;
    const auto needed = std::max(recovery_time(rule, interval), interval);
    const bool holds = state.verdict == Verdict::ok;
    if (holds && state.ok_for >= needed) continue;
    if (holds) out.recovering = std::max(out.recovering, needed + 2 * interval);
    const bool seen_bad = state.last && state.last->outcome == Outcome::breach;
    (seen_bad ? out.broken : out.unknown).push_back(evidence(rule, state));
  }
  if (out.counted == 0 && measures(*watch.group))
    out.unknown.emplace_back("no rule shows it: each only warns, or was broken before the release");
  return out;
}

std::optional<Step> review_verification(const Watch& watch, Instant now) {
  const auto seen = look_after_rollback(watch);
  if (seen.broken.empty() && seen.unknown.empty())
    return Step{Event::verified, std::nullopt,
                measures(*watch.group) ? "the hook is done and every objective holds again"
                                       : "the hook is done; its group measures nothing that could be verified"};
  // Where all that is missing is a little more time of an objective that holds, that time is given.
  const auto patience = watch.group->rollback.verify + (seen.broken.empty() ? seen.recovering : Duration{0});
  if (watch.clock.age(now) - watch.verify_began < patience) return std::nullopt;
  const auto time = format_duration(watch.group->rollback.verify);
  if (!seen.broken.empty())
    return Step{Event::verify_unmet, std::nullopt,
                fmt::format("the hook reported success, but objectives do not hold {} later: {}", time,
                            fmt::join(seen.broken, "; "))};
  return Step{Event::verify_no_evidence, std::nullopt,
              fmt::format("the hook reported success, but {} later nobody can tell whether objectives hold: {}", time,
                          fmt::join(seen.unknown, "; "))};
}

std::optional<Step> review_live(const Watch& watch, const BrakeState& brakes, Instant now) {
  if (auto step = review_breaches(watch, brakes, now)) return step;
  if (watch.phase == Phase::settling && watch.clock.age(now) >= watch.group->settle)
    return Step{Event::settled, std::nullopt,
                fmt::format("{} since it went live are over", format_duration(watch.group->settle))};
  return watch.phase == Phase::watching ? review_window(watch, now) : std::nullopt;
}

bool hook_may_be_running(const Watch& watch) {
  const auto* open = watch.open_rollback();
  return open != nullptr && open->state == CallState::calling;
}

void number_decision(Watch& watch, Decision decision, Instant now) {
  decision.number = static_cast<int>(watch.decisions.size()) + 1;
  decision.at = now.wall;
  if (decision.kind == DecisionKind::rollback) {
    decision.state = CallState::decided;
    decision.hook = watch.group->rollback.hook;
    decision.key = key_of(watch, decision.number);
  }
  if (decision.trigger != Trigger::manual && decision.trigger != Trigger::window) watch.breach_decided = true;
  watch.decisions.push_back(std::move(decision));
}

// A release counts once as judged and once as failed, however often it ends.
void count_end(Watch& watch, Phase phase) {
  const auto* rollback = watch.last_rollback();
  const bool rolled_back = rollback != nullptr && rollback->state == CallState::confirmed;
  const bool failed = phase == Phase::rolled_back || phase == Phase::rollback_failed || rolled_back;
  watch.failed = watch.failed || failed;
  watch.judged = watch.judged || failed || phase == Phase::passed || phase == Phase::unverified;
}

void enter(Watch& watch, Phase phase, const Step& step, Instant now) {
  watch.phase = phase;
  watch.phase_since = now.wall;
  watch.phase_reason = step.reason;
  watch.ended_at = is_final(phase) ? std::optional(now.wall) : std::nullopt;
  if (is_final(phase)) {
    count_end(watch, phase);
    watch.clock.stop(now);
    watch.call_off(now.wall);  // what is over must not be rolled back by an attempt that still waits for its turn
  }
  // A rollback ordered before going live, after the end or in a pause is verified too, and that takes time.
  if (phase == Phase::rolling_back) {
    watch.paused = false;
    watch.superseded_by.clear();  // a person went back to it after the newer release was undone
    if (!watch.clock.as_of) watch.clock.start(now, watch.clock.boot_id);
  }
  if (phase == Phase::verifying) {
    watch.verify_began = watch.clock.age(now);
    std::transform(watch.rules.begin(), watch.rules.end(), watch.rules.begin(), fresh_for_verification);
  }
}

}  // namespace

std::optional<Step> review(const Watch& watch, const BrakeState& brakes, Instant now) {
  if (is_final(watch.phase)) return std::nullopt;
  if (!watch.superseded_by.empty() && !hook_may_be_running(watch))
    return concluded(Event::supersede, DecisionKind::supersede,
                     fmt::format("release {} took its place", watch.superseded_by));
  switch (watch.phase) {
    case Phase::settling:
    case Phase::watching:
      return review_live(watch, brakes, now);
    case Phase::awaiting_approval:
      if (watch.clock.age(now) < watch.group->window) return std::nullopt;
      return concluded(Event::window_unverified, DecisionKind::unverified,
                       "the window ended and nobody approved the rollback of a breached release");
    case Phase::verifying:
      return review_verification(watch, now);
    case Phase::deploying:
    case Phase::rolling_back:
    case Phase::passed:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::rollback_failed:
    case Phase::aborted:
    case Phase::superseded:
      return std::nullopt;
  }
  return std::nullopt;
}

bool needs_brakes(const Watch& watch) {
  const bool live = watch.phase == Phase::settling || watch.phase == Phase::watching;
  return live && standing_breach(watch).has_value();
}

std::expected<Step, std::string> order_rollback(const Watch& watch, const BrakeState& brakes, const std::string& actor,
                                                const std::string& why) {
  const auto event = watch.phase == Phase::awaiting_approval ? Event::approve : Event::order_rollback;
  if (auto legal = next_phase(watch.phase, event); !legal) return std::unexpected(legal.error());
  const auto result = on_order(watch, brakes);
  if (result.kind != DecisionKind::rollback) return std::unexpected("the rollback is not possible: " + result.reason);
  auto reason = fmt::format("ordered by {}{}{}", actor, why.empty() ? "" : ": ", why);
  Decision decision;
  decision.kind = DecisionKind::rollback;
  decision.trigger = Trigger::manual;
  decision.actor = actor;
  decision.reason = reason;
  if (event == Event::approve && !watch.decisions.empty()) {
    const auto& asked = watch.decisions.back();
    decision.slo = asked.slo;
    decision.trigger = asked.trigger;
    decision.detected_at = asked.detected_at;
    decision.reason = fmt::format("{}; approved by {}{}{}", asked.reason, actor, why.empty() ? "" : ": ", why);
    reason = decision.reason;
  }
  return Step{event, std::move(decision), std::move(reason)};
}

Watch apply(Watch watch, const Step& step, Instant now) {
  if (step.decision) {
    const auto* last = watch.last_rollback();
    // An unknown outcome never becomes a new rollback: the same decision, with the same key, is tried again.
    if (step.decision->kind == DecisionKind::rollback && last != nullptr && last->state == CallState::unknown) {
      auto& again = watch.decisions[static_cast<std::size_t>(last->number - 1)];
      // Its words stay as they are: a hook may refuse the same key with another body.
      again.state = CallState::decided;
      again.actor = step.decision->actor;
      again.finished_at.reset();
      again.next_attempt_at.reset();
    } else {
      number_decision(watch, *step.decision, now);
    }
  }
  if (step.event)
    if (const auto phase = next_phase(watch.phase, *step.event)) enter(watch, *phase, step, now);
  return watch;
}

Step hook_finished(const Watch& watch, CallState outcome, const std::string& detail) {
  if (!watch.superseded_by.empty())
    return {Event::supersede, std::nullopt,
            fmt::format("release {} took its place; the rollback hook had ended {}: {}", watch.superseded_by,
                        to_string(outcome), detail)};
  if (outcome == CallState::confirmed)
    return {Event::hook_confirmed, std::nullopt, fmt::format("the rollback hook is done ({})", detail)};
  if (outcome == CallState::failed)
    return {Event::hook_failed, std::nullopt, fmt::format("the rollback hook failed ({}): roll back by hand", detail)};
  return {
      Event::hook_unknown, std::nullopt,
      fmt::format("nobody can tell whether the rollback hook did its work ({}): look at the service, then order the "
                  "rollback again (it keeps its idempotency key) or roll back by hand",
                  detail)};
}

}  // namespace guard::core
