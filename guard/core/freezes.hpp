// SPDX-License-Identifier: Apache-2.0
//
// Which freezes there are, and which of them refuses a release. Pure.
#pragma once

#include "guard/core/fleet.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// The freeze that `fresh`, which has just gone live, begins by what its group says, if it begins one. Fails, in words,
// where the group asks how much the release changes and its versions do not tell.
std::expected<std::optional<BegunFreeze>, std::string> freeze_begun(const FleetView& fleet, const Watch& fresh);

// Those that releases of the fleet have begun and that are not over at `now`. What was rolled back freezes nothing.
std::vector<Freeze> freezes_of_releases(const FleetView& fleet, WallTime now);

// The first that refuses `watch` at `at`, or nullptr. What puts an older version back counts as a rollback.
const Freeze* refusing(const std::vector<Freeze>& freezes, const Watch& watch, WallTime at);

// "releases are frozen until …: the sale; hotfix may be released all the same".
std::string refusal(const Freeze& freeze);

}  // namespace guard::core
