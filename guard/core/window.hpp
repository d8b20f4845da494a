// SPDX-License-Identifier: Apache-2.0
//
// How a watch ends when its window does: breached where an objective was broken and nothing was rolled back, passed on
// enough evidence, else unverified. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/transition.hpp"

#include <optional>

namespace guard::core {

// The share of its judged time that a rule of kind expr or alerts must have been readable for the release to pass.
inline constexpr double needed_evidence = 0.5;

// How many more readings are waited for where enough was judged and only the last reading is missing.
inline constexpr int readings_waited_for = 5;

// The step that ends a watch: the move, and the decision that goes with it.
Step concluded(Event event, DecisionKind kind, std::string reason);

// The clock.age at which a watch in `awaiting_approval` ends: at the end of its window, but a person who is asked late
// has as long to answer as a rollback has to show its effect.
Duration approval_until(const Watch& watch);

// True where an objective was broken and it is known that the release broke it.
bool is_certainly_breached(const Watch& watch);

// The end of a watch in `awaiting_approval` to which no person answered.
Step review_unanswered(const Watch& watch);

// The end of the watch, or nothing while the window, or a breach that is pending at its end, goes on.
std::optional<Step> review_window(const Watch& watch, Instant now);

}  // namespace guard::core
