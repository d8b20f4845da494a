// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/story.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace guard::sim {
namespace {

double bound_of(const model::Labels& labels) {
  const auto le = labels.find("le");
  if (le == labels.end()) return std::numeric_limits<double>::quiet_NaN();
  return le->second == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod(le->second);
}

}  // namespace

Series::Series(model::Labels labels) : labels_(std::move(labels)), le_(bound_of(labels_)) {}

void Series::add(WallTime at, double value) {
  // A counter that has fallen began anew at zero.
  const auto risen = values_.empty() ? value : value < values_.back() ? value : value - values_.back();
  climbed_.push_back((climbed_.empty() ? 0 : climbed_.back()) + risen);
  at_.push_back(at);
  values_.push_back(value);
}

std::string name_of(const Plan& plan) {
  return fmt::format("{}/{}", to_string(plan.kind), plan.seed);
}

TrafficClass traffic_class(double traffic) {
  constexpr std::array tops{0.1, 0.5, 2.0, 10.0, 100.0};
  const auto above = std::ranges::count_if(tops, [&](double top) { return traffic >= top; });
  return static_cast<TrafficClass>(above);
}

}  // namespace guard::sim
