// SPDX-License-Identifier: Apache-2.0
//
// What kind of result an expression has, as far as its tokens tell: whether it is a value at all, when it has none, and
// whether it is several. Like lint, not a parser; what it cannot tell it leaves alone. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

// Where the result is seen to be a range of samples or a text, which no objective can be held against.
std::optional<std::size_t> no_value(std::string_view expr);

// True if a metric stands in it: what has none says nothing of a release.
bool has_metric(std::string_view expr);

// Where the expression is seen to have a result only under a condition: a comparison as its outermost operator (those
// with a number are threshold_in's), `and` with a comparison, `unless`, or a count or sum of what a comparison lets
// pass. What is completed by `or` always has one.
std::optional<std::size_t> condition_in(std::string_view expr);

// True if it is absent() or absent_over_time(): 1 where something is missing, else nothing.
bool is_absence(std::string_view expr);

struct Grouping {
  std::size_t offset = 0;
  std::vector<std::string> labels;  // those that the result has a series for each value of; empty: topk or bottomk
};

// Where the result is seen to be several series, by labels other than `own`.
std::optional<Grouping> grouping(std::string_view expr, const std::vector<std::string_view>& own);

struct NamedMetric {
  std::size_t offset = 0;
  std::string_view name;  // part of the expression
};

// The first counter (by its name, `…_total`) whose value is taken as it is, which only tells when its process began.
std::optional<NamedMetric> raw_counter(std::string_view expr);

// True if the call around the byte `offset` computes from two samples at least: rate(), increase(), deriv() …
bool needs_two_samples(std::string_view expr, std::size_t offset);

}  // namespace guard::promql
