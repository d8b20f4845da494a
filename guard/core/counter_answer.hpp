// SPDX-License-Identifier: Apache-2.0
//
// What rules have in common whose events are counted: whether the samples of a counter can be used, and which of its
// events count. Pure.
#pragma once

#include "guard/core/arrivals.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <vector>

namespace guard::core {

struct CountedReading {
  Evaluation evaluation;
  ShareState state;
  bool came_and_went = false;  // a breach was among the events that are new, and is over with the latest of them
};

// As many samples are a few thousand series of one round: more are a selector that is too wide.
inline constexpr std::size_t most_counted_samples = 200'000;

// The time of the newest, of any.
std::optional<WallTime> newest(const std::vector<Sample>& samples);

// A reading of `rule` that tells nothing of its value.
Evaluation told_nothing(const Rule& rule, Outcome outcome, Reason reason, std::string detail);

// Why there is no answer about counters that could be looked at; nothing where there is.
std::optional<Evaluation> no_answer(const Rule& rule, const Samples& answer);
// Why the samples of counters, of which `mine` are the release's, tell nothing of now; nothing where they do.
std::optional<Evaluation> unusable(const Rule& rule, const std::vector<Sample>& all, const std::vector<Sample>& mine,
                                   Instant now);

// The events of the rule at `index` that count at `now`, its counters being scraped each `scraped_each`. What comes
// after the window says nothing of the release, but for a breach that is followed to its end.
Counting counting_at(const Watch& watch, std::size_t index, Duration scraped_each, Instant now);

// How many readings are there in the time that counts.
double arrivals_in_watch(const Watch& watch);

// The range that the counters of the rule are asked over: what is new since the last count, and a sample before it.
Duration counted_range(const Watch& watch, std::size_t index, Instant now);
// How much of it lies before what is new.
Duration margin_before(const Rule& rule, Duration interval);

}  // namespace guard::core
