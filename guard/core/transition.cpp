// SPDX-License-Identifier: Apache-2.0
#include "guard/core/transition.hpp"

#include "guard/core/attempt.hpp"
#include "guard/core/judge.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

std::string key_of(const Watch& watch, int number) {
  return fmt::format("{}/{}/{}/{}", watch.spec.service, watch.spec.environment, watch.spec.id, number);
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
    watch.superseded_by.reset();  // a person went back to it after the newer release was undone
    if (!watch.clock.as_of) watch.clock.start(now, watch.clock.boot_id);
  }
  if (phase == Phase::verifying) begin_verification(watch, now);
}

}  // namespace

const Decision* rollback_of_unknown_outcome(const Watch& watch) {
  const auto* last = watch.last_rollback();
  return last != nullptr && last->state == CallState::unknown ? last : nullptr;
}

Watch apply(Watch watch, const Step& step, Instant now) {
  if (step.decision) {
    // A rollback undoes what a rule's call would have mended.
    if (step.decision->kind == DecisionKind::rollback) call_off(watch, now);
    const auto* last = rollback_of_unknown_outcome(watch);
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
  if (watch.superseded_by)
    return {Event::supersede, std::nullopt,
            fmt::format("release {} took its place; the rollback hook had ended {}: {}", *watch.superseded_by,
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
