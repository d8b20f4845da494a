// SPDX-License-Identifier: Apache-2.0
//
// Mann and Whitney's comparison of two samples, in the two forms that canary judges use. Pure.
#pragma once

#include <span>
#include <vector>

namespace guard::decisions {

// The shift between two samples, as Kayenta computes it.
struct Shift {
  double low = 0;  // its confidence interval
  double high = 0;
  double estimate = 0;  // Hodges and Lehmann's
};
// kayenta-mannwhitney/.../MannWhitney.scala: the interval are the shifts at which the normal approximation of the rank
// sum, with corrections for ties and continuity, passes the quantiles of `confidence`. Not all values may be equal.
Shift shift_between(std::span<const double> experiment, std::span<const double> control, double confidence);

// True if the whole interval lies above zero, which is quicker to tell than where it lies.
bool is_surely_above(std::span<const double> experiment, std::span<const double> control, double confidence);

// The chance, if both samples are of one distribution, of ranks of `experiment` as high as these or higher; exact, with
// ties (Klotz, "The Wilcoxon, ties, and the computer", 1966). For a few dozen values.
double chance_of_as_high(std::span<const double> experiment, std::span<const double> control);

}  // namespace guard::decisions
