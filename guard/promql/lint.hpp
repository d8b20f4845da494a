// SPDX-License-Identifier: Apache-2.0
//
// What can be said about a PromQL expression from its characters alone: enough to catch the mistakes that make a rule
// mean something else than its author thinks. Not a parser; what it cannot tell it leaves alone. Pure; safe from any
// thread.
#pragma once

#include "guard/base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace guard::promql {

struct Unbalanced {
  std::size_t offset = 0;
  std::string message;  // what is wrong
  std::string fix;      // what to do
};

// The first quote or bracket that lacks its other half.
std::optional<Unbalanced> unbalanced(std::string_view expr);

// Where the expression as a whole is a comparison with a number (`a / b > 0.01`), or begins or ends with a
// comparison. A `bool` comparison and comparisons inside brackets or under and, or, unless are conditions, and fine.
std::optional<std::size_t> threshold_in(std::string_view expr);

struct Range {
  Duration length{0};
  std::size_t offset = 0;  // of its bracket
};

// The longest literal range or subquery range, `[5m]` or `[30m:1m]`.
std::optional<Range> longest_range(std::string_view expr);

// The longest `offset` shorter than `limit`, without those that look at a later time.
std::optional<Range> longest_offset(std::string_view expr, Duration limit = Duration::max());

// True if the expression divides by a rate or an increase: a share of events, which few events make jump.
bool is_share_of_events(std::string_view expr);

// True if the expression is the sum of a rate or an increase of one selector: a count of events, in a time.
bool is_rate_of_events(std::string_view expr);

}  // namespace guard::promql
