// SPDX-License-Identifier: Apache-2.0
//
// Events above a limit, as native histograms count them: "95% within 2 seconds" where nobody has chosen buckets. A
// limit inside a bucket is moved to where that ends: nothing is interpolated, and what counts as bad surely lies above
// the limit, so that a breach is as sure as one of counters. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/finding.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/sample.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// How many events lay above the limit at each of the samples.
struct Above {
  std::vector<Sample> bad;
  double limit = 0;  // what was held against them, at or above that of the rule
};

// `samples` are those of each series together. One limit holds for all of a series: a histogram that is told with fewer
// buckets than before (its resolution was reduced) is compared with itself. Fails where one of them is a number, and
// where its last bucket has no end above the limit.
std::expected<Above, std::string> above(const std::vector<Sample>& samples, const Limit& limit);

// What tells whether the server has the histogram of `selector` as a classic one: an answer has a series for each
// bound.
std::string classic_bounds_query(const std::string& selector);

// Why a rule on the native histogram of `selector` sees nothing where there is this classic one; nothing where there is
// none.
std::optional<Remark> classic_instead(const std::string& selector, const std::vector<Sample>& bounds);

}  // namespace guard::core
