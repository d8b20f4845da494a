// SPDX-License-Identifier: Apache-2.0
//
// A rule on a count of events, against a week before or else two hours.
#pragma once

#include "tests/support/counters.hpp"

#include <chrono>
#include <vector>

namespace guard::core {

inline constexpr Duration week = std::chrono::weeks(1);

inline Rule count_rule() {
  auto rule = share_rule();
  rule.slo = "traffic";
  rule.kind = RuleKind::count;
  rule.count = Count{rule.share->total, 0.999};
  rule.share.reset();
  rule.objective = {Comparison::greater_equal, 0.5, Unit::ratio, true};
  rule.baselines = {{Duration{0}, week}, {2h, Duration{0}}};
  rule.on_too_few = MissingPolicy::ignore;
  return rule;
}

inline std::vector<Sample> moved(std::vector<Sample> samples, Duration by) {
  for (auto& sample : samples) sample.at += by;
  return samples;
}

}  // namespace guard::core
