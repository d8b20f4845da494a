// SPDX-License-Identifier: Apache-2.0
//
// What happens next to a watch, when, and what a person is needed for. In words, for people. Pure.
#pragma once

#include "guard/core/person_needed.hpp"
#include "guard/core/rollback_policy.hpp"
#include "guard/model/watch.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::story {

// brakes: what would hold a rollback back now.
std::vector<NextStep> next_steps(const model::Watch& watch, const core::BrakeState& brakes, Instant now);

// Why the person is needed.
std::string words_of(const core::PersonNeeded& needed, const model::Watch& watch, Instant now);

// "error_rate was not read since 12:00 (the query failed)".
std::string unread_words(const model::Watch& watch, std::size_t index, WallTime since);

// True if at the latest reading a rollback is called for.
bool breach_stands_now(const model::Watch& watch);

// When `age` will be reached, as things stand; nothing while the clock stands still.
std::optional<WallTime> when_aged(const model::Watch& watch, Duration age, Instant now);

// When the watch ends if nothing happens, as things stand.
std::optional<WallTime> window_end(const model::Watch& watch, Instant now);

// Of a watch in `verifying`: when its time is over and the objectives that do not hold again decide.
std::optional<WallTime> verification_end(const model::Watch& watch, Instant now);

}  // namespace guard::story
