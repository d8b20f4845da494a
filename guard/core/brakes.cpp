// SPDX-License-Identifier: Apache-2.0
#include "guard/core/brakes.hpp"

#include <algorithm>
#include <set>

namespace guard::core {
namespace {

// What is left of the cooldown after `other`'s rollback. A decision that was called off before its first call did
// nothing that a place would have to recover from.
Duration cooldown_left(const Watch& watch, const Watch& other, Instant now) {
  if (!other.since_call.as_of || other.open_rollback() != nullptr) return Duration{0};
  return watch.group->rollback.cooldown - other.since_call.age(now);
}

bool is_to_come(const Watch& watch) {
  return !is_final(watch.phase) && !watch.live_at;
}

}  // namespace

std::vector<std::string> open_breaker(const FleetView& fleet, const BrakeInputs& inputs, Instant now) {
  if (inputs.breaker_services <= 0) return {};
  std::set<std::string> services;
  // A service counts from its first breach reading on: when many break at once, the first must not be rolled back
  // before the others have been counted. What was rolled back within the time counts on, so that breaches that come one
  // after the other are counted as well.
  fleet.for_each(FleetPart::broken, [&, since = now.wall - inputs.breaker_within](const Watch& watch) {
    if (breaks(watch, since)) services.insert(watch.spec.service);
  });
  if (services.size() < static_cast<std::size_t>(inputs.breaker_services)) return {};
  return {services.begin(), services.end()};
}

BrakeState brake_state(const FleetView& fleet, const Watch& watch, const BrakeInputs& inputs, Instant now) {
  BrakeState brakes;
  brakes.kill_switch = inputs.kill_switch;
  brakes.breaker = open_breaker(fleet, inputs, now);
  auto cooldown = Duration{0};
  for (const auto* other : fleet.at(watch.spec.place())) {
    if (other->spec.id != watch.spec.id && other->open_rollback() != nullptr) brakes.in_flight = other->spec.id;
    if (is_to_come(*other) && other->announced_at > watch.announced_at) brakes.deploying = other->spec.id;
    cooldown = std::max(cooldown, cooldown_left(watch, *other, now));
  }
  if (cooldown > Duration{0}) brakes.cooldown_until = now.wall + cooldown;
  return brakes;
}

}  // namespace guard::core
