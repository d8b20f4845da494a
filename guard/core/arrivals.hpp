// SPDX-License-Identifier: Apache-2.0
//
// What two counters tell of one round: the events of each scrape, in the order in which they are to be judged, each
// event once, however often its sample is read, and late ones too. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/sample.hpp"
#include "guard/model/share_state.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// Samples of a counter may come late by as much: a slow scrape, a remote write.
inline constexpr Duration most_late = std::chrono::seconds(30);

// The samples of both counters, those of the release alone; `total` was asked for first, so that a scrape that is in it
// is in `part` as well.
struct Counters {
  std::vector<Sample> total;
  std::vector<Sample> part;
  bool part_is_good = false;
};

// Which events count, and how finely they are told apart.
struct Counting {
  WallTime since{};  // events from before do not count
  WallTime until{};
  Duration step{0};  // what arrives within it is one arrival
  // How far apart the scrapes of a target are. What happens in a moment shows in the scrapes of all targets, one after
  // the other: apart they would look like something that comes again, so that less is no arrival.
  Duration scraped_each{0};
};

// The median time between two samples of one series, `samples` being those of each series together; 0 if there are
// none.
Duration scrape_interval(const std::vector<Sample>& samples);

// The events of each scrape, also of those without any, or why they cannot be told. As counted: a part that is more
// than the whole shows as more bad ones than all, or fewer than none. Only where a counter began anew is it cut to what
// can be, for the other one may have outgrown what it had.
using EventsByTime = std::vector<Arrival>;
std::expected<EventsByTime, std::string> count_events(const Counters& counters, const Counting& counting);

// The events of each scrape of `samples` beside those of the same time `distance` before, in `baseline`: `bad` are the
// baseline's, `total` those of both. What came between two scrapes of the baseline is taken to have come evenly.
// Nothing counts before every target has been scraped once since the beginning, or since a gap in the scrapes: until
// then what came is known of some of them only.
EventsByTime count_against(const std::vector<Sample>& samples, const std::vector<Sample>& baseline, Duration distance,
                           const Counting& counting);

// What of them is new to `state`, which takes note of it. What came late waits for a newer scrape and joins it: a
// server that shows the failures of a scrape after the rest of it must not make an arrival of failures alone. So does a
// part that is more than the whole, until both fit together: of what no share can be told none is. What one step alone
// has too much, as requests that were on their way when counting began, is let go of after some steps.
std::vector<Arrival> new_arrivals(ShareState& state, const EventsByTime& events, const Counting& counting);

// The events that still wait so, though what came late is in and every target was scraped again, and more than one step
// has too much of the part: nothing explains them but counters of different things.
std::optional<Events> never_fitting(const ShareState& state, const EventsByTime& events, const Counting& counting);

}  // namespace guard::core
