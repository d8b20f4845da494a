// SPDX-License-Identifier: Apache-2.0
//
// How old the samples behind an expression are. An instant query stamps its result with the evaluation time, so a
// dead sample looks fresh for as long as the lookback allows (5 minutes); timestamp() of the plain selectors shows it.
// Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"
#include "guard/promql/selectors.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace guard::promql {

struct PlainSelector {
  std::string text;   // the metric name with its braces
  std::string range;  // how far back it looks: "5m" of [5m], and what subqueries add; empty: the value now

  bool operator==(const PlainSelector&) const = default;
};

// The selectors of an expression, each once, in order. Those with `offset` or `@`, of their own or of a subquery around
// them, look at another time on purpose and are left out. None where the expression defines names (WITH of MetricsQL).
std::vector<PlainSelector> plain_selectors(const Selectors& selectors);

// How far back an expression measures.
struct Reach {
  Duration offset{0};  // to the end of what it measures
  Duration start{0};   // to the beginning: the offset and the range

  bool operator==(const Reach&) const = default;
};

// The farthest of its selectors. Those that look at a fixed time (`@`) or back by `comparison` or more compare the
// present with another time, and are left out; unless all do: then it measures that other time.
Reach reach(const Selectors& selectors, Duration comparison);

// The questions for the age in seconds of the freshest sample behind an expression, for each service, environment and
// version among the series. Equal selectors ask equal questions, whatever the expressions: many rules share the answer.
struct AgeQueries {
  std::vector<std::string> now;  // of each plain selector, in order
  // Of the selectors with a range, by index into `now`: the same for series that have ended, to which the range still
  // reaches. Costly, and of use only where nothing of the release is there now: copies of a service end while new ones
  // go on.
  std::vector<std::pair<std::size_t, std::string>> ended;
};
AgeQueries age_queries(const Selectors& selectors);

}  // namespace guard::promql
