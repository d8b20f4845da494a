// SPDX-License-Identifier: Apache-2.0
//
// A watch from the journal, made to go on in this process. Pure.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/core/watch.hpp"

#include <optional>

namespace guard::engine {

// The watch with its times moved to this boot's clock, if it was stored in another boot.
core::Watch restored(core::Watch watch, const Clock& clock);

// When a rule of it was last read, if one was.
std::optional<Instant> last_reading(const core::Watch& watch);

}  // namespace guard::engine
