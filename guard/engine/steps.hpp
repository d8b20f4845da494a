// SPDX-License-Identifier: Apache-2.0
//
// The step loop: a watch is reviewed, the next step is applied and noted in its timeline, until there is none. Pure
// functions over a draft.
#pragma once

#include "guard/core/brakes.hpp"
#include "guard/core/reviewer.hpp"
#include "guard/core/round.hpp"
#include "guard/engine/ledger.hpp"

#include <string>

namespace guard::engine {

// Reviews `id` until there is no further step, applying and noting each.
void advance(Draft& draft, const std::string& id, const core::BrakeInputs& brakes);

// Keeps what a round has found, notes what changed in the timeline, and counts the readings.
void take_reading(Draft& draft, core::Reading reading, Telemetry& telemetry);

// Applies one step and notes it in the timeline.
void take_step(Draft& draft, const std::string& id, const core::Step& step);

}  // namespace guard::engine
