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

// From how many events on a rule whose events are counted tells anything: that it could be breached at all, or as many
// as it asks for. Of a count they are the baseline's.
int needed_events(const Rule& rule);

// Why the window will end with too few events for the rule to be judged, if they go on coming as slowly: once that can
// be told. The words do not change with the time. Nothing: they suffice, or the rule leaves them out.
std::optional<std::string> falls_short(const Watch& watch, std::size_t index, Instant now);

// Nothing that was seen so far speaks against the objective any more.
void forget_evidence(ShareState& state);

// True where chance no longer explains the failures of the incident, and it has not lasted for long enough to be more
// than one of those that end by themselves (incident.hpp).
bool has_yet_to_last(const Rule& rule, const ShareState& state);

// How near the rule is to a breach, from 0 to 1.
double progress_of(const Rule& rule, const RuleState& state);

}  // namespace guard::core
