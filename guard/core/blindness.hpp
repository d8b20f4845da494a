// SPDX-License-Identifier: Apache-2.0
//
// Whether a rule can break at all with the histograms that the server has: a quantile is never above the largest finite
// bound of its buckets, so that "95% within 2 seconds" holds for ever where the buckets end at 1. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/finding.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/sample.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::core {

// What tells the bounds of the buckets that `expr`, the rendered expression of `rule`, takes a quantile of: an answer
// has a series for each, with the label `le`. Empty where nothing of the kind can be wrong.
std::vector<std::string> bounds_queries(const Rule& rule, const std::string& expr);

// Why the rule cannot break, with the bounds that there are; nothing where it can, or where there are none.
std::optional<Remark> blindness(const Rule& rule, const std::string& expr, const std::vector<Sample>& bounds);

// Why a counter that `key` selects counts events several times over: it takes buckets of one histogram, each of which
// counts what those below it do. Nothing where it does not.
std::optional<std::string> nested_buckets(const std::vector<Sample>& samples, std::string_view key);

}  // namespace guard::core
