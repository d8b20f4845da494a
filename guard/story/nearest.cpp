// SPDX-License-Identifier: Apache-2.0
#include "guard/story/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace guard::story {
namespace {

using model::Comparison;

// How far on the good side the value lies, as a share of the greater of value and bound; negative beyond it.
double room(Comparison comparison, double value, double bound) {
  const auto size = std::max(std::abs(value), std::abs(bound));
  const auto off = size > 0 ? (value - bound) / size : 0;
  switch (comparison) {
    case Comparison::less:
    case Comparison::less_equal:
      return -off;
    case Comparison::greater:
    case Comparison::greater_equal:
      return off;
    case Comparison::not_equal:
      return std::abs(off);
    case Comparison::equal:
      // It holds nowhere else, so where it holds no way is left and none was gone.
      return off == 0 ? 1 : -std::abs(off);
  }
  return 0;
}

std::optional<double> room_of(const story::RuleView& rule) {
  const bool known = rule.value && rule.bound && std::isfinite(*rule.value) && std::isfinite(*rule.bound);
  if (!model::is_measured(rule.kind) || !known) return std::nullopt;
  return room(rule.comparison, *rule.value, *rule.bound);
}

}  // namespace

const story::RuleView* nearest_to_bound(const story::ReleaseView& view) {
  const story::RuleView* nearest = nullptr;
  std::optional<double> least;
  for (const auto& rule : view.rules) {
    const auto left = room_of(rule);
    if (!left || (least && *left >= *least)) continue;
    least = left;
    nearest = &rule;
  }
  return nearest;
}

}  // namespace guard::story
