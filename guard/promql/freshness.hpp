// SPDX-License-Identifier: Apache-2.0
//
// How old the samples behind an expression are. An instant query stamps its result with the evaluation time, so a
// dead sample looks fresh for as long as the lookback allows (5 minutes); timestamp() of the plain selectors shows it.
// Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

struct PlainSelector {
  std::string text;   // the metric name with its braces
  std::string range;  // how far back it looks: "5m" of [5m], and what subqueries add; empty: the value now

  bool operator==(const PlainSelector&) const = default;
};

// The selectors of `expr`, each once, in order. Those with `offset` or `@`, of their own or of a subquery around them,
// look at another time on purpose and are left out. None where the expression defines names (WITH of MetricsQL).
std::vector<PlainSelector> plain_selectors(std::string_view expr);

// How far back an expression measures.
struct Reach {
  Duration offset{0};  // to the end of what it measures
  Duration start{0};   // to the beginning: the offset and the range

  bool operator==(const Reach&) const = default;
};

// The farthest of its selectors. Those that look at a fixed time (`@`) or back by `comparison` or more compare the
// present with another time, and are left out; unless all do: then it measures that other time.
Reach reach(std::string_view expr, Duration comparison);

// A query that gives, for each selector (label `selector`) and each service, environment and version among its series,
// the age in seconds of the freshest one. Where every series of these has ended (a range still reaches back to their
// last samples), it gives the age of those. Nothing if there is no selector.
std::optional<std::string> freshness_query(std::string_view expr);

}  // namespace guard::promql
