// SPDX-License-Identifier: Apache-2.0
#include "guard/core/remedy.hpp"

#include "guard/core/control.hpp"

#include <algorithm>

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
  if (!state.helps_until) return Action::call;
  if (is_waited_for(state, watch.clock.age(now))) return Action::warn;
  return action_of(rule.remedy->then, state);
}

bool is_kept(const Watch& watch, std::size_t index, Instant now) {
  const auto answer = answer_to(watch, index, now);
  return answer == Action::rollback || answer == Action::ask;
}

bool may_yet_help(const Watch& watch, Instant now) {
  if (watch.is_calling()) return true;
  const auto age = watch.clock.age(now);
  return std::ranges::any_of(watch.rules,
                             [&](const auto& state) { return state.standing && is_waited_for(state, age); });
}

PolicyResult on_remedy(const Watch& watch, const BrakeState& brakes) {
  const auto mode = watch.group->rollback.mode;
  if (mode != Mode::enforce)
    return {DecisionKind::would_call, Brake::none, fmt::format("nothing is called in mode {}", to_string(mode))};
  if (auto busy = in_flight(brakes)) return *busy;
  if (auto held = shared_brakes(brakes)) return *held;
  return {DecisionKind::call, Brake::none, ""};
}

std::vector<std::string> remedies_tried(const Watch& watch) {
  std::vector<std::string> out;
  for (const auto& decision : watch.decisions)
    if (decision.kind == DecisionKind::call && !decision.attempts.empty())
      out.push_back(
          fmt::format("hook {} was called for {} (decision {})", decision.hook, decision.slo, decision.number));
  return out;
}

}  // namespace guard::core
