// SPDX-License-Identifier: Apache-2.0
//
// The reviewer reads one whole watch and says the next step, if there is one: it is level-triggered, so it does not
// matter what woke the loop or how often. Pure.
#pragma once

#include "guard/core/rollback_policy.hpp"
#include "guard/core/transition.hpp"

#include <optional>

namespace guard::core {

// The next step of `watch` at `now`, or nothing. Call it again after each step until there is none.
std::optional<Step> review(const Watch& watch, const BrakeState& brakes, Instant now);

// True if review() looks at the brakes; finding out what they are means a look at every other watch.
bool needs_brakes(const Watch& watch, Instant now);

}  // namespace guard::core
