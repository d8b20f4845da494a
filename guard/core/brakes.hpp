// SPDX-License-Identifier: Apache-2.0
//
// Which brakes are on for a release: what all releases together, and the guard's own settings, hold back. Pure.
#pragma once

#include "guard/core/fleet.hpp"
#include "guard/core/rollback_policy.hpp"

#include <string>
#include <vector>

namespace guard::core {

// What no release tells: the kill switch and how the breaker is set.
struct BrakeInputs {
  bool kill_switch = false;
  int breaker_services = 0;  // this many services in breach within `breaker_within`: a shared cause; 0: off
  Duration breaker_within{0};
};

// The services that are in breach at once, in order; empty while they are too few.
std::vector<std::string> open_breaker(const FleetView& fleet, const BrakeInputs& inputs, Instant now);

BrakeState brake_state(const FleetView& fleet, const Watch& watch, const BrakeInputs& inputs, Instant now);

}  // namespace guard::core
