// SPDX-License-Identifier: Apache-2.0
//
// What was recorded of the past, as a replay is given it. Values; the metrics block as long as their source does.
#pragma once

#include "guard/core/questions.hpp"
#include "guard/metrics/metrics_source.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace guard::replay {

struct History {
  metrics::MetricsSource& metrics;
  WallTime ends_at{};    // nothing is known of what came after
  Duration deadline{0};  // of one question
  // What is known of a question beforehand; the metrics are asked where it gives nothing, and where it is empty.
  std::function<std::optional<model::Samples>(const core::Question&)> known = {};
  // The labels of the alerts that fire at a moment; empty: `ALERTS` tells.
  std::function<std::vector<model::Labels>(WallTime)> firing = {};
};

}  // namespace guard::replay
