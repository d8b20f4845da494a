// SPDX-License-Identifier: Apache-2.0
#include "guard/core/rollback_policy.hpp"

#include "guard/base/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::core {
namespace {

PolicyResult hold(Brake brake, std::string reason) {
  return {DecisionKind::hold, brake, std::move(reason)};
}

// What a person may override.
std::optional<PolicyResult> braked(const BrakeState& brakes) {
  if (auto held = shared_brakes(brakes)) return held;
  if (brakes.cooldown_until)
    return hold(Brake::cooldown, fmt::format("the last rollback of this service and environment is too recent; "
                                             "automatic rollback is possible again at {}",
                                             time_text(*brakes.cooldown_until)));
  return std::nullopt;
}

PolicyResult of_mode(bool asks, const Watch& watch, const BrakeState& brakes) {
  if (watch.is_rollback)
    return hold(Brake::is_rollback, "this release is itself a rollback, which is never rolled back automatically");
  if (auto no_way = nowhere_to_go(watch, watch.spec.previous_version)) return *no_way;
  if (asks || watch.contested) return {DecisionKind::ask, Brake::none, watch.contested};
  if (auto busy = in_flight(brakes)) return *busy;
  if (auto held = braked(brakes)) return *held;
  return {DecisionKind::rollback};
}

}  // namespace

std::optional<PolicyResult> no_hook(const Watch& watch) {
  if (!watch.group->rollback.hook.empty()) return std::nullopt;
  return hold(Brake::no_hook, "its rule group names no rollback hook; set rollback.hook");
}

std::optional<PolicyResult> nowhere_to_go(const Watch& watch, const std::string& target) {
  if (auto no_way = no_hook(watch)) return no_way;
  if (target.empty() || target == watch.spec.version)
    return hold(Brake::no_previous_version, "the release was announced without another version to go back to");
  return std::nullopt;
}

std::optional<PolicyResult> in_flight(const BrakeState& brakes) {
  if (!brakes.in_flight) return std::nullopt;
  return hold(Brake::in_flight, fmt::format("the rollback of release {} of this service and environment is under way",
                                            *brakes.in_flight));
}

std::string breaker_words(const std::vector<std::string>& services) {
  return fmt::format("several services breach at once, which points to a shared cause: {}", fmt::join(services, ", "));
}

std::optional<PolicyResult> shared_brakes(const BrakeState& brakes) {
  if (brakes.kill_switch) return hold(Brake::kill_switch, "the kill switch is on");
  if (!brakes.breaker.empty()) return hold(Brake::breaker, breaker_words(brakes.breaker));
  if (brakes.deploying)
    return hold(Brake::deploying, fmt::format("release {} is being deployed in its place; if that one is given up, "
                                              "abort it and this one is guarded again",
                                              *brakes.deploying));
  return std::nullopt;
}

PolicyResult policy_for_breach(const Watch& watch, Action action, const BrakeState& brakes) {
  const auto mode = watch.group->rollback.mode;
  const bool asks = action == Action::ask;
  if (mode != Mode::observe) return of_mode(asks || mode == Mode::ask, watch, brakes);
  // What it would do is what it would be held from as well.
  auto reason = of_mode(asks, watch, brakes).reason;
  if (asks && !reason) reason = "a person would be asked first";
  return {DecisionKind::would_rollback, Brake::none, std::move(reason)};
}

PolicyResult policy_for_order(const Watch& watch, const BrakeState& brakes, const std::string& target) {
  if (auto no_way = nowhere_to_go(watch, target)) return *no_way;
  if (auto busy = in_flight(brakes)) return *busy;
  return {DecisionKind::rollback};
}

}  // namespace guard::core
