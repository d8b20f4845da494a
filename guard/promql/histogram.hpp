// SPDX-License-Identifier: Apache-2.0
//
// The histograms that an expression takes quantiles of. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

// The selectors of classic buckets in an expression that is a quantile and nothing else, without range and offset; each
// once. It never lies above the largest finite bound of its buckets (histogram_quantile in Prometheus' documentation).
std::vector<std::string> quantile_buckets(std::string_view expr);

}  // namespace guard::promql
