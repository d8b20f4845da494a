// SPDX-License-Identifier: Apache-2.0
#include "guard/core/remedy.hpp"

#include "guard/core/control.hpp"

#include <fmt/format.h>

namespace guard::core {
namespace {

bool is_waited_for(const RuleState& state, Duration age) {
  return state.helps_until && age < *state.helps_until;
}

}  // namespace

Action answer_to(const Watch& watch, std::size_t index, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  if (!rule.remedy) return action_of(rule.action, state);
  const bool calls = watch.group->rollback.mode == Mode::enforce;
  if (calls && !state.helps_until) return Action::call;
  if (calls && is_waited_for(state, watch.clock.age(now))) return Action::warn;
  return action_of(rule.remedy->then, state);
}

bool is_kept(const Watch& watch, std::size_t index, Instant now) {
  const auto answer = answer_to(watch, index, now);
  return answer == Action::rollback || answer == Action::ask;
}

bool may_yet_help(const Watch& watch, Instant now) {
  const auto age = watch.clock.age(now);
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!rule.remedy || !state.helps_until || !state.standing) continue;
    // Once its time is over the next reading says whether the breach is the release's.
    if (is_waited_for(state, age) || (rule.remedy->then != Action::warn && !state.latched)) return true;
  }
  return false;
}

bool holds_call(const Watch& watch, const Decision& decision) {
  const auto* state = is_held_call(decision) ? watch.state_of(decision.slo) : nullptr;
  return state != nullptr && state->standing && !state->helps_until;
}

PolicyResult policy_for_remedy(const BrakeState& brakes) {
  if (auto busy = in_flight(brakes)) return *busy;
  if (auto held = shared_brakes(brakes)) return *held;
  return {DecisionKind::call};
}

std::vector<std::string> remedies_tried(const Watch& watch) {
  std::vector<std::string> out;
  for (const auto& decision : watch.decisions)
    if (decision.kind == DecisionKind::call && !decision.attempts.empty())
      out.push_back(fmt::format("hook {} was called for {} (decision {}: {})", decision.hook, decision.slo,
                                decision.number, to_string(decision.state)));
  return out;
}

}  // namespace guard::core
