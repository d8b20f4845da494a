// SPDX-License-Identifier: Apache-2.0
//
// Counts over trials, with what they leave open. Pure.
#pragma once

#include "tests/decisions/trial.hpp"

#include <functional>
#include <string>
#include <vector>

namespace guard::decisions {

struct Share {
  int of = 0;
  int all = 0;
};
// The exact interval of a share that was seen as `share`, at 95%: Clopper and Pearson (1934), "The use of confidence or
// fiducial limits illustrated in the case of the binomial".
struct Interval {
  double low = 0;
  double high = 1;
};
Interval interval_of(Share share);

// What one judge did in some of the trials.
struct Tally {
  Share in_time;                 // of the releases that should be rolled back
  Share found;                   // in time or late
  Share right;                   // of the rollbacks: those that should be. Precision
  Share false_rollbacks;         // of the releases that should be kept
  std::vector<Duration> delays;  // of those found, since it began; in order
};
Tally tally(const Trials& trials, std::size_t judge, const std::function<bool(const sim::Plan&)>& counts);

// Of values in order: the smallest that is not below this share of them.
std::optional<Duration> at_share(const std::vector<Duration>& ordered, double share);

// "97.5% (94.2 to 99.1)"; "-" of none
std::string text_of(Share share);
std::string seconds(std::optional<Duration> duration);

}  // namespace guard::decisions
