// SPDX-License-Identifier: Apache-2.0
//
// A watch from the journal, made to go on in this process. Pure.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/model/watch.hpp"

#include <optional>

namespace guard::engine {

// The watch with its times moved to this boot's clock, if it was stored in another boot.
model::Watch restored(model::Watch watch, const Clock& clock);

// How long no rule of it was read, where that is longer than readings are apart and it is to be read now.
std::optional<Duration> gap_before(const model::Watch& watch, Instant now);

}  // namespace guard::engine
