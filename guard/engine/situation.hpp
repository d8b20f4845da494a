// SPDX-License-Identifier: Apache-2.0
//
// What all watches together mean for one of them: which brakes are on, and which older releases a new one supersedes.
// Pure functions over a draft, but for the look at the kill switch.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/core/reviewer.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"

#include <string>
#include <vector>

namespace guard::engine {

struct BrakeInputs {
  const config::Brakes& settings;
  bool kill_switch = false;  // whether its file exists now
};

// Whether the file is there; a brake that cannot be looked at (no right to its folder, a broken mount) is on.
bool kill_switch_is_on(const config::Brakes& brakes);

// What holds back everybody now: the kill switch, and the freezes that have begun and are not over.
InForce in_force(const config::Settings& settings, bool kill_switch, WallTime now);

core::BrakeState brake_state(const Draft& draft, const core::Watch& watch, const BrakeInputs& inputs);

// Reviews `id` until there is no further step, applying and noting each.
void advance(Draft& draft, const std::string& id, const BrakeInputs& inputs);

// Applies one step and notes it in the timeline.
void take_step(Draft& draft, const std::string& id, const core::Step& step);

// True if `spec` puts back what `older` replaced after that was found bad, by a guard's rollback or by hand.
bool undoes(const core::ReleaseSpec& spec, const core::Watch& older);

}  // namespace guard::engine
