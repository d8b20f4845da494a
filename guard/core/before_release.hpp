// SPDX-License-Identifier: Apache-2.0
//
// The time before a release: the baseline its relative objectives are measured against, and whether a breach stood
// before the switch began. Pure.
#pragma once

#include "guard/core/judge.hpp"
#include "guard/core/moments.hpp"
#include "guard/core/nouns.hpp"

#include <map>
#include <optional>
#include <string>

namespace guard::core {

// After as many source errors the time before is given up.
inline constexpr int enough_failed_reads = 3;

// What to read: the points of `rule`'s expression in [from, to], one each `step`.
struct PastSpan {
  Duration length{0};  // from = switch_began - length, to = switch_began
  Duration step{0};
};

// The span that shows whether a breach stood: as long as the rule needs to be breached, at least four readings.
PastSpan preexisting_span(const Rule& rule, Duration interval);

// The span of a baseline `over`, in at most 120 points.
PastSpan baseline_span(const Baseline& baseline, Duration interval);

// The latest end of a span of `step` that is not after `switch_began`. On a grid, so that releases that are announced
// within seconds ask for equal spans.
WallTime span_end(WallTime switch_began, Duration step);

// The baseline `over` of the rule, or nullptr.
const Baseline* baseline_over(const Rule& rule);

// True if the baseline `over` is to be asked for now: at once, and where it could not be read after ever longer waits,
// because the time before a release seldom changes.
bool baseline_is_due(const Rule& rule, const RuleState& state, Duration interval, WallTime now);

// The median of the points (each reduced as the rule says), or why there is none.
struct BaselineReading {
  std::optional<double> value;
  std::optional<std::string> problem = {};
};
BaselineReading read_baseline(const Rule& rule, const Subject& before, const Samples& points);

// What was said of each `offset`, by its place in the rule's list.
using OffsetAnswers = std::map<std::size_t, Samples>;
// The baseline of one reading: the first of the rule's list that has data, `over` being what was read of that one.
// Where a source does not answer nobody knows whether it has, and there is none.
BaselineReading first_baseline(const Rule& rule, Subject subject, const OffsetAnswers& offsets,
                               const BaselineReading& over);

// How the rule stood: breached if every point that could be judged broke the objective, or as many of the last as the
// rule asks for; where missing data counts as a breach, also if there was none at all. A source error leaves it unknown
// and counts; after three the past is given up and taken as healthy, so that an unreadable past never excuses a bad
// release.
Past read_past(const Rule& rule, const Subject& before, const StretchAnswer& answer, const Past& known_so_far);

// The subject in the time before: the version that ran then was the previous one.
Subject subject_before(Subject subject, Duration long_ago);

}  // namespace guard::core
