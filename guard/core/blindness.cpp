// SPDX-License-Identifier: Apache-2.0
#include "guard/core/blindness.hpp"

#include "guard/promql/histogram.hpp"

#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace guard::core {
namespace {

// The finite bounds, in order.
std::set<double> finite_bounds(const std::vector<Sample>& samples) {
  std::set<double> out;
  for (const auto& sample : samples) {
    const auto le = sample.labels.find("le");
    if (le == sample.labels.end()) continue;
    double bound = 0;
    const auto& text = le->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bound);
    if (error == std::errc{} && end == text.data() + text.size() && std::isfinite(bound)) out.insert(bound);
  }
  return out;
}

bool is_upper_bound(const Objective& objective) {
  const bool below = objective.comparison == Comparison::less || objective.comparison == Comparison::less_equal;
  return below && !objective.of_baseline;
}

}  // namespace

std::vector<std::string> bounds_queries(const Rule& rule, const std::string& expr) {
  if (rule.kind != RuleKind::expr || !is_upper_bound(rule.objective)) return {};
  std::vector<std::string> out;
  for (const auto& selector : promql::quantile_buckets(expr))
    out.push_back(fmt::format("count by (le) ({})", selector));
  return out;
}

std::optional<Remark> blindness(const Rule& rule, const std::vector<Sample>& bounds) {
  const auto finite = finite_bounds(bounds);
  if (finite.empty() || !holds(rule.objective.comparison, *finite.rbegin(), rule.objective.bound)) return std::nullopt;
  return Remark{
      Finding::cannot_break,
      fmt::format("the rule cannot break: its histogram has the bounds {} and +Inf, and a quantile is never above {}, "
                  "which keeps {}",
                  fmt::join(finite, ", "), *finite.rbegin(), format_objective(rule.objective)),
      "take one with a bound above it, or a counter"};
}

}  // namespace guard::core
