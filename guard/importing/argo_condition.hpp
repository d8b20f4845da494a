// SPDX-License-Identifier: Apache-2.0
//
// The conditions of Argo Rollouts' analyses, as far as they hold the result against numbers. Pure; safe from any
// thread.
#pragma once

#include "guard/model/objective.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace guard::importing {

struct ResultBound {
  model::Comparison comparison = model::Comparison::less;
  double bound = 0;

  bool operator==(const ResultBound&) const = default;
};

// `result[0] >= 0.95 && result[0] < 2`: each bound must be met, or one of them at least.
struct ResultCondition {
  std::vector<ResultBound> bounds;
  bool any_of_bounds = false;        // joined by ||
  bool all_series = false;           // all(result, # < 1)
  bool any_series = false;           // any(result, # > 1)
  bool true_without_result = false;  // len(result) == 0 || …, isNaN(result[0]) || …

  bool operator==(const ResultCondition&) const = default;
};

// Nothing for what says more.
std::optional<ResultCondition> result_condition(std::string_view text);

}  // namespace guard::importing
