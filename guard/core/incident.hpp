// SPDX-License-Identifier: Apache-2.0
//
// What became of the events, arrival by arrival: the incident that they belong to, and whether it is more than one of
// those that end by themselves. Pure; values.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/share_state.hpp"

namespace guard::core {

// The first scrape of an outage holds a part of it only, between nothing and all.
inline constexpr double like_the_worst = 0.25;
// What is over within a minute, as a failover of a database is, is kept, however bad it is. Scrapes jitter: two of them
// that are meant to lie a minute apart may lie a little further.
inline constexpr Duration short_incident = std::chrono::seconds(62);
// And two that are meant to lie a minute apart may lie a little nearer together.
inline constexpr Duration a_minute_apart = std::chrono::seconds(58);

// The share of the bad; of no events, 0.
double share(const Events& events);
void add(Events& to, const Events& more);

// Takes one arrival that came after those before it; `before` is the moment from which on its events happened.
void follow(ShareState& state, const Arrival& arrival, WallTime before, double bound);

// The events of the last minute.
Events last_minute(const ShareState& state);

// True if something like its worst was seen more than a minute ago ("like" is a quarter of it), and all of it that is
// as old is surely above `bound`: of a single failure before it an incident is not longer. True as well if two arrivals
// a minute apart are as whole as those between them: an incident of a minute begins in one and ends in the other, and
// fills both together once at most.
bool has_lasted(const ShareState& state, double bound);
// When what is like its worst will be more than a minute old. If it goes on until then it has lasted, where enough came
// to be sure.
WallTime will_have_lasted(const ShareState& state);
// True while the incident may be one of those that end by themselves: it has not lasted, or what is seen now is not
// like its worst, and it may be over.
bool may_end_by_itself(const ShareState& state, double bound);

// True if the latest arrival brought the incident back: it is like its worst, and nothing was in the minute before it.
bool came_back(const ShareState& state);

}  // namespace guard::core
