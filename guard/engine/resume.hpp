// SPDX-License-Identifier: Apache-2.0
//
// A watch from the journal, made to go on in this process. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/log.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/model/watch.hpp"

#include <optional>

namespace guard::engine {

// The watch with its times moved to this boot's clock, if it was stored in another boot.
model::Watch restored(model::Watch watch, const Clock& clock);

// How long no rule of it was read, where that is longer than readings are apart and it is to be read now.
std::optional<Duration> gap_before(const model::Watch& watch, Instant now);

// The time in which no guard looked is said in the timeline; the first round makes up for what its sources still tell.
void go_on(const model::Watch& watch, Ledger& ledger, const Log& log, Instant now);

}  // namespace guard::engine
