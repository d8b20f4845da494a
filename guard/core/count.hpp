// SPDX-License-Identifier: Apache-2.0
//
// A rule on a count of events at one instant, held against what came at another time: what its counters tell becomes a
// reading, and goes on what it knew. It is a breach once chance no longer explains that so few came, and the last five
// minutes show it too. Pure.
#pragma once

#include "guard/core/counter_answer.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <map>

namespace guard::core {

// So long ago is what a count is shown by, and what must be broken for a breach: less traffic than that is a lull.
inline constexpr Duration recent_events = std::chrono::minutes(5);
// In the first minutes of a watch, as much of them as must have been seen.
inline constexpr Duration shortest_lull = std::chrono::minutes(2);

// What the server answered to the selector with a range, now and in the time of each baseline, by its place in the
// rule's list.
struct CountAnswer {
  Samples events;
  std::map<std::size_t, Samples> baselines;
};

// How long before `at` the baseline's events are looked for: its `offset`, or as many times `over` as lead to before
// the switch, so that each moment after it is held against one of the same length before.
Duration baseline_distance(const Baseline& baseline, WallTime switch_began, WallTime at);

// The baseline of `answer` that counts: the first with samples of the release, whatever they say; a choice by what they
// say would not be a fair one. Or why there is none.
struct ChosenBaseline {
  std::vector<Sample> samples;
  Duration distance{0};
};
std::expected<ChosenBaseline, std::string> choose_baseline(const Rule& rule, Subject subject, const CountAnswer& answer,
                                                           std::pair<WallTime, WallTime> switch_and_now);

// The reading of the rule at `index` of `watch` at `now`, and the state after it. While the release settles or its
// watch is paused, nothing is counted.
CountedReading evaluate_count(const Watch& watch, std::size_t index, const CountAnswer& answer, Instant now);

// True if the events of the last five minutes, or all, show with 95% certainty that the objective is kept.
bool is_surely_kept(const Rule& rule, const ShareState& state);

}  // namespace guard::core
