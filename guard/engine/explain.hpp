// SPDX-License-Identifier: Apache-2.0
//
// A watch in words: what was asked, what came back, against which objective, since when, why the verdict is what it
// is, and what happens next and when. Nobody must have to guess why the guard did or did not act. Pure.
#pragma once

#include "guard/core/watch.hpp"
#include "guard/engine/views.hpp"

namespace guard::engine {

ReleaseView view_of(const core::Watch& watch, Instant now);

// One sentence for a person about why a verdict or a reading has this reason.
std::string_view explain(core::Reason reason);

}  // namespace guard::engine
