// SPDX-License-Identifier: Apache-2.0
//
// Shares and counts on their way to a breach: the next scrape may be the one that decides, and users wait for it.
// Between two evaluations of all rules these are read alone. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/questions.hpp"
#include "guard/model/watch.hpp"

#include <optional>

namespace guard::core {

// How long after one reading what is pending is read again: a part of the group's interval, so that every evaluation of
// all rules is on the same grid. Nothing where that would be sooner than servers are scraped.
std::optional<Duration> pending_interval(const RuleGroup& group);

// True if a rule of `watch` is to be read between two evaluations.
bool has_pending(const Watch& watch);

// What is asked for those rules alone.
Questions ask_pending(const Watch& watch, Instant at);

}  // namespace guard::core
