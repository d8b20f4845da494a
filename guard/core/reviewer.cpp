// SPDX-License-Identifier: Apache-2.0
#include "guard/core/reviewer.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/attempt.hpp"
#include "guard/core/control.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/remedy.hpp"
#include "guard/core/verification.hpp"
#include "guard/core/window.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

bool judged_now(const Watch& watch, const Rule& rule) {
  return watch.phase != Phase::settling || rule.kind == RuleKind::signal;
}

Trigger trigger_of(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::expr:
    case RuleKind::share:
    case RuleKind::count:
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

std::optional<Event> event_of(DecisionKind kind) {
  if (kind == DecisionKind::rollback) return Event::breach;
  if (kind == DecisionKind::ask) return Event::ask;
  return std::nullopt;  // would_rollback and hold leave the release where it is
}

// The same conclusion about a rule is recorded once, not at each reading.
bool already_said(const Watch& watch, const Decision& decision) {
  const auto run = latest_run(watch.decisions);
  return std::ranges::any_of(run, [&](const Decision* said) {
    return said->kind == decision.kind && said->brake == decision.brake && said->slo == decision.slo;
  });
}

std::string_view effect_of(DecisionKind kind) {
  if (kind == DecisionKind::hold) return "held";
  return kind == DecisionKind::ask ? "a person decides" : "but it would not be called at once";
}

PolicyResult follows(const Watch& watch, Action answer, const BrakeState& brakes) {
  return answer == Action::call ? on_remedy(brakes) : on_breach(watch, answer, brakes);
}

// A breach that stands and is to be answered.
struct Standing {
  std::size_t rule;
  Action answer;
};

Step breach_step(const Watch& watch, const Standing& standing, const BrakeState& brakes, Instant now) {
  const auto& rule = watch.group->rules[standing.rule];
  const auto& state = watch.rules[standing.rule];
  const auto result = follows(watch, standing.answer, brakes);
  Decision decision;
  decision.kind = result.kind;
  decision.brake = result.brake;
  decision.trigger = trigger_of(rule);
  decision.slo = rule.slo;
  decision.reason = evidence(rule, state);
  if (!state.shared_cause.empty()) decision.reason += fmt::format("; {}", state.shared_cause);
  if (!result.reason.empty()) decision.reason += fmt::format("; {}: {}", effect_of(result.kind), result.reason);
  if (standing.answer == Action::call)
    decision.hook = rule.remedy->hook;
  else if (rule.remedy && !state.helps_until)
    decision.reason += fmt::format("; in mode enforce hook {} would be called first", rule.remedy->hook);
  decision.detected_at = now.wall - state.breach_for;
  auto reason = decision.reason;
  return {event_of(result.kind), std::move(decision), std::move(reason)};
}

std::optional<Standing> standing_breach(const Watch& watch, Action answer, Instant now) {
  // What one call mends another rule may show as well, so that one at a time is made.
  if (watch.paused || (answer == Action::call && watch.open_call() != nullptr)) return std::nullopt;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& state = watch.rules[i];
    const bool stands = answer == Action::call ? state.standing : breach_stands(state);
    if (stands && judged_now(watch, watch.group->rules[i]) && answer_to(watch, i, now) == answer)
      return Standing{i, answer};
  }
  return std::nullopt;
}

// The first breach that is to be answered: by a rollback, else by a rule's own call, else by a person.
std::optional<Standing> standing_breach(const Watch& watch, Instant now) {
  for (const auto answer : {Action::rollback, Action::call, Action::ask})
    if (const auto standing = standing_breach(watch, answer, now)) return standing;
  return std::nullopt;
}

// While a person is asked because of one rule, another may break that needs no person.
std::optional<Step> review_waiting(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto standing = standing_breach(watch, Action::rollback, now);
  if (!standing || on_breach(watch, Action::rollback, brakes).kind != DecisionKind::rollback) return std::nullopt;
  return breach_step(watch, *standing, brakes, now);
}

std::optional<Step> review_breaches(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto standing = standing_breach(watch, now);
  if (!standing) return std::nullopt;
  auto step = breach_step(watch, *standing, brakes, now);
  if (!step.event && already_said(watch, *step.decision)) return std::nullopt;
  return step;
}

// The first rule with a breach that was found afterwards and is over.
std::optional<std::size_t> breach_found_over(const Watch& watch) {
  if (watch.breach_decided || watch.paused) return std::nullopt;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& state = watch.rules[i];
    if (state.latched && !state.standing && state.last && state.last->outcome == Outcome::ok) return i;
  }
  return std::nullopt;
}

// It is too late to act on, and no release passes with it. What would have held it at the time is said first.
std::optional<Step> review_found(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto index = breach_found_over(watch);
  if (!index) return std::nullopt;
  const auto result = on_breach(watch, watch.group->rules[*index].action, brakes);
  const bool held = result.kind == DecisionKind::hold;
  const bool observed = result.kind == DecisionKind::would_rollback;
  Decision decision;
  decision.kind = observed ? DecisionKind::would_rollback : DecisionKind::hold;
  decision.brake = held ? result.brake : observed ? Brake::none : Brake::over;
  decision.trigger = trigger_of(watch.group->rules[*index]);
  decision.slo = watch.group->rules[*index].slo;
  decision.reason = fmt::format("{} was in breach while it could not be read, and holds again: {}", decision.slo,
                                watch.rules[*index].last->detail);
  if (held) decision.reason += fmt::format("; held: {}", result.reason);
  decision.detected_at = now.wall;
  auto reason = decision.reason;
  return Step{std::nullopt, std::move(decision), std::move(reason)};
}

// The window runs from live on, also where the version is seen to serve late or never.
std::optional<Step> review_settling(const Watch& watch, Instant now) {
  const auto age = watch.clock.age(now);
  const bool settled = !watch.awaits_serving() && age >= watch.settle_end();
  if (!settled) return review_window(watch, now);
  return Step{Event::settled, std::nullopt,
              fmt::format("{} since it {} are over", format_duration(watch.group->settle),
                          watch.group->serves ? "was seen to serve" : "went live")};
}

std::optional<Step> review_live(const Watch& watch, const BrakeState& brakes, Instant now) {
  if (auto step = review_breaches(watch, brakes, now)) return step;
  if (auto step = review_found(watch, brakes, now)) return step;
  return watch.phase == Phase::settling ? review_settling(watch, now) : review_window(watch, now);
}

// Its time to help runs from here on.
void begin_remedy(Watch& watch, Decision& decision, Instant now) {
  const auto rule = std::ranges::find(watch.group->rules, decision.slo, &Rule::slo);
  const auto& remedy = *rule->remedy;
  auto& state = watch.rules[static_cast<std::size_t>(rule - watch.group->rules.begin())];
  state.helps_until = watch.clock.age(now) + remedy.within;
  decision.state = CallState::decided;
  decision.key = key_of(watch, decision.number);
}

void number_decision(Watch& watch, Decision decision, Instant now) {
  decision.number = static_cast<int>(watch.decisions.size()) + 1;
  decision.at = now.wall;
  if (decision.kind == DecisionKind::rollback) {
    decision.state = CallState::decided;
    decision.hook = watch.group->rollback.hook;
    if (decision.target.empty()) decision.target = watch.spec.previous_version;
    decision.key = key_of(watch, decision.number);
  }
  if (decision.kind == DecisionKind::call)
    begin_remedy(watch, decision, now);
  else if (!is_held_call(decision) && decision.trigger != Trigger::manual && decision.trigger != Trigger::window)
    watch.breach_decided = true;
  watch.decisions.push_back(std::move(decision));
}

// A release counts once as judged and once as failed, however often it ends.
void count_end(Watch& watch, Phase phase) {
  const auto* rollback = watch.last_rollback();
  const bool rolled_back = rollback != nullptr && rollback->state == CallState::confirmed;
  const bool failed =
      phase == Phase::breached || phase == Phase::rolled_back || phase == Phase::rollback_failed || rolled_back;
  watch.failed = watch.failed || failed;
  watch.judged = watch.judged || failed || phase == Phase::passed || phase == Phase::unverified;
}

void begin_verification(Watch& watch, Instant now) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    watch.rules[i] = fresh_for_verification(watch.group->rules[i], watch.rules[i], now.wall);
  watch.serving = {};
  watch.held_again_at.reset();
  watch.broken_again_at.reset();
}

// What the verification has seen so far; the phase, and the time it takes, go on.
void note_verification(Watch& watch, const Step& step, Instant now) {
  const bool holds = *step.event == Event::holds_again;
  if (holds && !watch.held_again_at) watch.held_again_at = now.wall;
  watch.broken_again_at = holds ? std::nullopt : std::optional(now.wall);
  watch.phase_reason = step.reason;
}

void enter(Watch& watch, Phase phase, const Step& step, Instant now) {
  watch.phase = phase;
  watch.phase_since = now.wall;
  watch.phase_began = watch.clock.age(now);
  watch.phase_reason = step.reason;
  watch.ended_at = is_final(phase) ? std::optional(now.wall) : std::nullopt;
  if (is_final(phase)) {
    count_end(watch, phase);
    watch.clock.stop(now);
    call_off(watch, now);  // what is over must not be rolled back by an attempt that still waits for its turn
  }
  // A rollback ordered before going live, after the end or in a pause is verified too, and that takes time.
  if (phase == Phase::rolling_back) {
    watch.paused = false;
    watch.superseded_by.clear();  // a person went back to it after the newer release was undone
    if (!watch.clock.as_of) watch.clock.start(now, watch.clock.boot_id);
  }
  if (phase == Phase::verifying) begin_verification(watch, now);
}

// "; broken: error_rate: 20% against < 1%", for an order that a person gives. Of a release whose rules are read no more
// it says nothing: they tell of another time, as does a breach that was decided and stands no longer.
std::string broken_now(const Watch& watch) {
  if (!is_judged(watch.phase)) return "";
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& state = watch.rules[i];
    if (state.verdict == Verdict::breached && state.standing) broken.push_back(evidence(watch.group->rules[i], state));
  }
  return broken.empty() ? "" : fmt::format("; broken: {}", fmt::join(broken, "; "));
}

// Its newest rollback, if nobody can tell whether it was done; else nullptr.
const Decision* of_unknown_outcome(const Watch& watch) {
  const auto* last = watch.last_rollback();
  return last != nullptr && last->state == CallState::unknown ? last : nullptr;
}

// What an order that names no version goes back to.
std::string default_target(const Watch& watch) {
  const auto* unknown = of_unknown_outcome(watch);
  return unknown != nullptr ? unknown->target : watch.spec.previous_version;
}

// A rollback that helped until something newer went live was one.
Step review_superseded(const Watch& watch) {
  if (watch.phase == Phase::verifying && watch.held_again_at && !watch.broken_again_at)
    return {Event::verified, std::nullopt,
            fmt::format("the hook is done and every objective held again; release {} took its place since",
                        watch.superseded_by)};
  return concluded(Event::supersede, DecisionKind::supersede,
                   fmt::format("release {} took its place", watch.superseded_by));
}

}  // namespace

std::optional<Step> review(const Watch& watch, const BrakeState& brakes, Instant now) {
  if (is_final(watch.phase)) return std::nullopt;
  if (!watch.superseded_by.empty()) return watch.is_calling() ? std::nullopt : std::optional(review_superseded(watch));
  switch (watch.phase) {
    case Phase::settling:
    case Phase::watching:
      return review_live(watch, brakes, now);
    case Phase::awaiting_approval:
      if (auto step = review_waiting(watch, brakes, now)) return step;
      if (watch.is_calling() || watch.clock.age(now) < approval_until(watch)) return std::nullopt;
      return review_unanswered(watch);
    case Phase::verifying:
      return review_verification(watch, now);
    case Phase::deploying:
    case Phase::rolling_back:
    case Phase::passed:
    case Phase::breached:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::rollback_failed:
    case Phase::aborted:
    case Phase::superseded:
      return std::nullopt;
  }
  return std::nullopt;
}

bool needs_brakes(const Watch& watch, Instant now) {
  const bool live = watch.phase == Phase::settling || watch.phase == Phase::watching;
  const bool waiting = watch.phase == Phase::awaiting_approval;
  return (live && (standing_breach(watch, now) || breach_found_over(watch))) ||
         (waiting && standing_breach(watch, Action::rollback, now));
}

std::expected<Step, std::string> order_rollback(const Watch& watch, const BrakeState& brakes,
                                                const RollbackOrder& order) {
  const auto& [actor, why, wanted] = order;
  const auto event = watch.phase == Phase::awaiting_approval ? Event::approve : Event::order_rollback;
  if (auto legal = next_phase(watch.phase, event); !legal) return std::unexpected(legal.error());
  const auto target = wanted.empty() ? default_target(watch) : wanted;
  const auto result = on_order(watch, brakes, target);
  if (result.kind != DecisionKind::rollback) return std::unexpected("the rollback is not possible: " + result.reason);
  if (const auto* open = of_unknown_outcome(watch); open != nullptr && open->target != target)
    return std::unexpected(fmt::format(
        "nobody knows whether the rollback to {} was done: look at the service, then order that one again (it "
        "keeps its idempotency key) or roll back by hand",
        open->target));
  const auto where = target == watch.spec.previous_version ? "" : "; back to " + target;
  auto reason = fmt::format("ordered by {}{}{}{}{}", actor, why.empty() ? "" : ": ", why, where, broken_now(watch));
  Decision decision;
  decision.kind = DecisionKind::rollback;
  decision.trigger = Trigger::manual;
  decision.target = target;
  decision.actor = actor;
  decision.reason = reason;
  if (event == Event::approve && !watch.decisions.empty()) {
    const auto& asked = watch.decisions.back();
    decision.slo = asked.slo;
    decision.trigger = asked.trigger;
    decision.detected_at = asked.detected_at;
    decision.reason = fmt::format("{}; approved by {}{}{}{}", asked.reason, actor, why.empty() ? "" : ": ", why, where);
    reason = decision.reason;
  }
  return Step{event, std::move(decision), std::move(reason)};
}

Watch apply(Watch watch, const Step& step, Instant now) {
  if (step.decision) {
    // A rollback undoes what a rule's call would have mended.
    if (step.decision->kind == DecisionKind::rollback) call_off(watch, now);
    const auto* last = of_unknown_outcome(watch);
    // An unknown outcome never becomes a new rollback: the same decision, with the same key, is tried again.
    if (step.decision->kind == DecisionKind::rollback && last != nullptr) {
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
  if (step.event == Event::holds_again || step.event == Event::breaks_again)
    note_verification(watch, step, now);
  else if (step.event)
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
