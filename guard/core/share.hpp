// SPDX-License-Identifier: Apache-2.0
//
// A rule on a share of events at one instant: what its counters tell becomes a reading, and goes on what it knew. It is
// a breach once chance no longer explains the failures, and they are no incident that ends by itself. Pure.
#pragma once

#include "guard/core/counter_answer.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <string>

namespace guard::core {

// What the server answered to the two selectors with a range; to the one of a native histogram as `total`.
struct ShareAnswer {
  Samples total;
  Samples part;
};

// The release's samples of what is counted, both told, and the limit that was held against those of a native histogram.
struct ShareCounters {
  Counters counters;
  double limit = 0;
};
// Fails where they are not of the kind that `share` counts, or cannot tell what lies above its limit.
std::expected<ShareCounters, std::string> counters_of(const Share& share, const Subject& subject,
                                                      const ShareAnswer& answer);

// The reading of the rule at `index` of `watch` at `now`, and the state after it. While the release settles or its
// watch is paused, nothing is counted.
CountedReading evaluate_share(const Watch& watch, std::size_t index, const ShareAnswer& answer, Instant now);

// Nothing that was seen so far speaks against the objective any more.
void forget_evidence(ShareState& state);

}  // namespace guard::core
