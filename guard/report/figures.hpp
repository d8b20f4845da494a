// SPDX-License-Identifier: Apache-2.0
//
// One objective over the watch, in a few figures. Each is a value that was measured: the median of an even number is
// the upper of the two in the middle, as of a baseline `over` (core/past.hpp); the 95th percentile is the one at rank
// ceil(0.95 * n), counted from 1 (definition 1 of Hyndman and Fan, Sample Quantiles in Statistical Packages, The
// American Statistician 50, 1996). Pure.
#pragma once

#include "guard/story/views.hpp"

#include <optional>

namespace guard::report {

// The time in which a release was the one that served: both ends belong to it.
struct TimeLive {
  WallTime from{};
  std::optional<WallTime> to;  // absent: it still is
  bool went_back = false;      // a rollback ended it
};

// From going live until a rollback was done, or the end. Nothing, if it never went live.
std::optional<TimeLive> time_live(const story::ReleaseView& view);

struct Figures {
  std::size_t points = 0;       // that have a value
  std::optional<double> worst;  // furthest to the bad side of the objective
  std::optional<WallTime> worst_at;
  std::optional<double> median;
  std::optional<double> p95;        // of the values as they are, whichever side is the bad one
  std::optional<double> met_share;  // of the points whose bound is known
  std::optional<double> bound;      // the median of the points' own; for most rules all are one number
  std::optional<double> baseline;   // as bound
};

// Of the points within `span`; those without a finite value count for nothing.
Figures figures(const story::SeriesView& series, const TimeLive& span);

}  // namespace guard::report
