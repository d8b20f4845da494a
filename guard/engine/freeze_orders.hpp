// SPDX-License-Identifier: Apache-2.0
//
// The freezes of the configuration, of people and of releases, and what people do about them. Pure; what changes is
// an operation on a draft.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/core/fleet.hpp"
#include "guard/engine/ledger.hpp"

#include <string>
#include <vector>

namespace guard::engine {

// Those that are in force at `now` or to come, in this order: of the configuration, of people, of releases.
std::vector<model::Freeze> known_freezes(const config::Settings& settings, const core::FleetView& fleet, WallTime now);

// Fails with locked where one of them refuses `watch` at `at`.
Result<void> not_frozen(const model::Watch& watch, const std::vector<model::Freeze>& known, WallTime at);

// Begins it now. True if it was new, false if the same had been begun before under this id. Fails with conflict
// (another freeze, or a release, has the id, or too many are in force) or invalid (it would be over).
Result<bool> begin_freeze(Draft& draft, model::Freeze freeze);

// Ends it now: by the id of what began it. Fails with not_found, or conflict where it is over already.
Result<model::Freeze> end_freeze(Draft& draft, const FreezeEnd& end);

}  // namespace guard::engine
