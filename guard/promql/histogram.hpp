// SPDX-License-Identifier: Apache-2.0
//
// The histograms that an expression takes quantiles of. Pure; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

// An expression that is never above `factor` times a quantile of classic buckets, which never lies above the largest
// finite bound of these (histogram_quantile in Prometheus' documentation).
struct Quantile {
  std::vector<std::string> buckets;  // their selectors, without range and offset; each once
  double factor = 1;
};

// Where `expr` is a quantile, constant times one, or the max, min, avg or a sum of one of them; nothing where something
// else is done to it, after which it may be anything.
std::optional<Quantile> quantile_of(std::string_view expr);

}  // namespace guard::promql
