// SPDX-License-Identifier: Apache-2.0
#include "guard/core/rollback_policy.hpp"

#include "guard/base/duration.hpp"

#include <fmt/format.h>

namespace guard::core {
namespace {

PolicyResult hold(Brake brake, std::string reason) {
  return {DecisionKind::hold, brake, std::move(reason)};
}

// What no person can override: there is nothing to call, nothing to go back to, or a call is running.
std::optional<PolicyResult> impossible(const Watch& watch, const BrakeState& brakes) {
  if (watch.group->rollback.hook.empty())
    return hold(Brake::no_hook, "its rule group names no rollback hook; set rollback.hook");
  if (watch.spec.previous_version.empty())
    return hold(Brake::no_previous_version, "the release was announced without a previous version to go back to");
  if (!brakes.in_flight.empty())
    return hold(Brake::in_flight,
                fmt::format("a rollback hook of this service and environment is being called for release {}",
                            brakes.in_flight));
  return std::nullopt;
}

}  // namespace

PolicyResult on_breach(const Watch& watch, const BrakeState& brakes) {
  const auto& settings = watch.group->rollback;
  if (settings.mode == Mode::observe) return {DecisionKind::would_rollback, Brake::none, ""};
  if (watch.is_rollback)
    return hold(Brake::is_rollback, "this release is itself a rollback, which is never rolled back automatically");
  if (settings.mode == Mode::ask) return {DecisionKind::ask, Brake::none, ""};
  if (auto no_way = impossible(watch, brakes)) return *no_way;
  if (brakes.kill_switch) return hold(Brake::kill_switch, "the kill switch is on");
  if (!brakes.breaker.empty())
    return hold(Brake::breaker,
                fmt::format("several services breach at once, which points to a shared cause: {}", brakes.breaker));
  if (brakes.cooldown_until)
    return hold(Brake::cooldown, fmt::format("the last rollback of this service and environment is too recent; "
                                             "automatic rollback is possible again at {}",
                                             format_time(*brakes.cooldown_until)));
  return {DecisionKind::rollback, Brake::none, ""};
}

PolicyResult on_order(const Watch& watch, const BrakeState& brakes) {
  if (auto no_way = impossible(watch, brakes)) return *no_way;
  return {DecisionKind::rollback, Brake::none, ""};
}

}  // namespace guard::core
