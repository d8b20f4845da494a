// SPDX-License-Identifier: Apache-2.0
//
// Expressions that are a share of events and nothing else: two sums of rates of counters, the first a part of the
// second. Pure; safe from any thread.
#pragma once

#include "guard/promql/expression.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guard::importing {

// offset + scale * part / total.
struct ShareOfEvents {
  std::string part;  // selectors
  std::string total;
  double offset = 0;
  double scale = 1;
};

// `value` as one; nothing where that cannot be told for certain. Sums by service and environment count as sums, for the
// guard tells releases apart by these labels.
std::optional<ShareOfEvents> share_of_events(const promql::Expression& value);

// Whether it is a quotient of rates, scaled or not, of which that cannot be told.
bool looks_like_share(const promql::Expression& value);

// The selector that `query` sums, or sums the rate of: x, sum(x), sum(rate(x[5m])). Nothing for all else.
std::optional<std::string> summed_selector(std::string_view query);

// The same of two queries that are known to count a part and all; true `good` where `part` says all - good.
struct Counters {
  std::string part;
  std::string total;
  bool good = false;
};
std::optional<Counters> counters_of(std::string_view part, std::string_view total);

}  // namespace guard::importing
