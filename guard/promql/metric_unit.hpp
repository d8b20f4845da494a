// SPDX-License-Identifier: Apache-2.0
//
// The unit that a metric carries in its name (https://prometheus.io/docs/practices/naming/), and what an expression
// does to it. Pure; safe from any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace guard::promql {

enum class Quantity { time, size, share };

struct MetricUnit {
  Quantity quantity = Quantity::time;
  double factor = 1;      // to seconds, bytes or a share of 1
  std::string_view name;  // "milliseconds"

  bool operator==(const MetricUnit&) const = default;
};

// The unit of each selector of `expr` that names one, in order. A number of observations (`…_seconds_count`) has none.
std::vector<MetricUnit> metric_units(std::string_view expr);

// By how much the expression multiplies its values to change their unit: 100 for `100 * x`, 0.001 for `x / 1000`. Other
// numbers than those between units are no change of a unit.
double unit_scale(std::string_view expr);

// True if something is divided by something else than a number.
bool divides(std::string_view expr);

}  // namespace guard::promql
