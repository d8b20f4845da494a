// SPDX-License-Identifier: Apache-2.0
//
// A watch in words: what was asked, what came back, against which objective, since when, why the verdict is what it
// is, and what happens next and when. Nobody must have to guess why the guard did or did not act. Pure.
#pragma once

#include "guard/core/rollback_policy.hpp"
#include "guard/model/watch.hpp"
#include "guard/story/views.hpp"

namespace guard::story {

// brakes: what would hold a rollback back now; without it only what is known of the watch alone.
ReleaseView view_of(const model::Watch& watch, Instant now, const core::BrakeState& brakes = {});

}  // namespace guard::story
