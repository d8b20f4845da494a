// SPDX-License-Identifier: Apache-2.0
#include "guard/core/attempt.hpp"

#include <algorithm>
#include <array>

namespace guard::core {
namespace {

using S = CallState;
using E = CallEvent;

constexpr std::array table{
    CallTransition{S::decided, E::begins, S::calling},      CallTransition{S::decided, E::not_done, S::failed},
    CallTransition{S::decided, E::cannot_tell, S::unknown}, CallTransition{S::calling, E::done, S::confirmed},
    CallTransition{S::calling, E::put_off, S::decided},     CallTransition{S::calling, E::not_done, S::failed},
    CallTransition{S::calling, E::cannot_tell, S::unknown}};

// The rule for which its open call is made, or nullptr where that is a rollback.
const RuleState* remedied(const Watch& watch) {
  const auto* open = watch.open_call();
  return open != nullptr && open->kind == DecisionKind::call ? watch.state_of(open->slo) : nullptr;
}

}  // namespace

std::span<const CallTransition> call_transitions() {
  return table;
}

CallState next_state(CallState state, CallEvent event) {
  const auto it = std::ranges::find_if(table, [&](const auto& t) { return t.from == state && t.event == event; });
  return it == table.end() ? CallState::unknown : it->to;
}

bool may_have_acted(const Decision& decision) {
  return std::ranges::any_of(decision.attempts,
                             [](const auto& attempt) { return attempt.result == AttemptResult::unknown; });
}

CallEvent given_up(const Decision& decision) {
  return may_have_acted(decision) ? CallEvent::cannot_tell : CallEvent::not_done;
}

CallEvent event_of(const Decision& decision, const AttemptEnd& end) {
  switch (end.result) {
    case AttemptResult::done:
      return CallEvent::done;
    case AttemptResult::retry:
    case AttemptResult::not_started:
      return end.again ? CallEvent::put_off : given_up(decision);
    case AttemptResult::failed:
      return given_up(decision);
    case AttemptResult::running:
    case AttemptResult::unknown:
      return end.idempotent && end.again && !end.may_still_run ? CallEvent::put_off : CallEvent::cannot_tell;
  }
  return CallEvent::cannot_tell;
}

bool is_late(const Watch& watch, const RetryPolicy& policy, Instant at) {
  if (const auto* state = remedied(watch)) return watch.clock.age(at) >= state->helps_until.value_or(Duration{0});
  return watch.clock.age(at) - watch.phase_began >= policy.deadline;
}

bool gives_way(const Watch& watch) {
  const auto* open = watch.open_call();
  const bool is_for_rule = open != nullptr && open->kind == DecisionKind::call;
  return watch.superseded_by.has_value() ||
         (is_for_rule && (is_final(watch.phase) || watch.open_rollback() != nullptr));
}

bool may_try_again(const Watch& watch, const RetryPolicy& policy, Instant at) {
  const auto& attempts = watch.open_call()->attempts;
  const auto tries =
      std::ranges::count_if(attempts, [](const auto& a) { return a.result != AttemptResult::not_started; });
  return !gives_way(watch) && tries < policy.attempts && !is_late(watch, policy, at);
}

void call_off(Watch& watch, Instant now) {
  for (auto& decision : watch.decisions)
    if (decision.state == CallState::decided)
      watch.close_call(decision, next_state(decision.state, given_up(decision)), now);
}

Duration left_to_wait(const Decision& decision, WallTime now) {
  if (!decision.next_attempt_at || decision.attempts.empty()) return Duration{0};
  const auto next = *decision.next_attempt_at;
  const auto& last = decision.attempts.back();
  return std::clamp(next - now, Duration{0},
                    std::max(Duration{0}, next - (last.started_at + last.duration.value_or(Duration{0}))));
}

}  // namespace guard::core
