// SPDX-License-Identifier: Apache-2.0
//
// Which rules of a watch nobody has read for too long. Told by the clock alone: it holds as well where no reading came
// at all, neither a good one nor an error. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <optional>

namespace guard::core {

// Rounds may be late and one may fail; what was not read for so many intervals needs a person.
inline constexpr int unread_intervals = 3;

// Since when the rule at `index` has not been read, once that is too long; nothing while it is read, does not count
// (action warn), or has not to be read yet: it settles, is paused, waits for its version to serve, or its phase reads
// nothing. Time before readings count and time in a pause is not held against it.
std::optional<WallTime> unread_since(const Watch& watch, std::size_t index, Instant now);

// How long the rounds of the watch are late: the time beyond its interval since the rule that was read the longest ago
// was last asked for. Zero where nothing is to be read.
Duration reading_lag(const Watch& watch, Instant now);

}  // namespace guard::core
