// SPDX-License-Identifier: Apache-2.0
#include "guard/core/blindness.hpp"

#include "guard/promql/histogram.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <ranges>
#include <set>

#include <fmt/format.h>

namespace guard::core {
namespace {

// Where the bucket ends; nothing if it is none.
std::optional<double> end_of(const Sample& sample) {
  const auto le = sample.labels.find("le");
  if (le == sample.labels.end()) return std::nullopt;
  const auto& text = le->second;
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  double bound = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bound);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(bound) : std::nullopt;
}

// In order.
std::set<double> bounds_of(const std::vector<Sample>& samples) {
  std::set<double> out;
  const Sample* before = nullptr;
  for (const auto& sample : samples) {
    const bool same = before != nullptr && sample.labels.is_same(before->labels);
    before = &sample;
    if (same) continue;
    if (const auto end = end_of(sample)) out.insert(*end);
  }
  return out;
}

std::set<double> finite_bounds(const std::vector<Sample>& samples) {
  auto out = bounds_of(samples);
  std::erase_if(out, [](double bound) { return !std::isfinite(bound); });
  return out;
}

std::string quantile_words(double factor) {
  return factor == 1 ? "a quantile" : fmt::format("{:.10g} times a quantile", factor);
}

bool is_upper_bound(const Objective& objective) {
  const bool below = objective.comparison == Comparison::less || objective.comparison == Comparison::less_equal;
  return below && !objective.of_baseline;
}

}  // namespace

std::vector<std::string> bounds_queries(const Rule& rule, const std::string& expr) {
  if (rule.kind != RuleKind::expr || !is_upper_bound(rule.objective)) return {};
  std::vector<std::string> out;
  if (const auto quantile = promql::quantile_of(expr))
    for (const auto& selector : quantile->buckets) out.push_back(fmt::format("count by (le) ({})", selector));
  return out;
}

std::optional<Remark> blindness(const Rule& rule, const std::string& expr, const std::vector<Sample>& bounds) {
  const auto finite = finite_bounds(bounds);
  const auto quantile = promql::quantile_of(expr);
  if (finite.empty() || !quantile) return std::nullopt;
  const auto most = quantile->factor * *finite.rbegin();
  if (!holds(rule.objective.comparison, most, rule.objective.bound)) return std::nullopt;
  return Remark{
      Finding::cannot_break,
      fmt::format(
          "the rule cannot break: its histogram has the bounds {} and +Inf, and {} is never above {:.10g}, which "
          "keeps {}",
          fmt::join(finite, ", "), quantile_words(quantile->factor), most, format_objective(rule.objective)),
      "take one with a bound above it, or a counter"};
}

std::optional<std::string> nested_buckets(const std::vector<Sample>& samples, std::string_view key) {
  if (bounds_of(samples).size() < 2) return std::nullopt;
  // Versions of a program may write another `le`, and other ones: only at one moment are they those of one histogram.
  std::map<std::pair<WallTime, Labels>, std::map<double, std::string>> histograms;
  for (const auto& sample : samples) {
    const auto end = end_of(sample);
    if (!end) continue;
    auto labels = sample.labels.all();
    labels.erase("le");
    auto& bounds = histograms[{sample.at, std::move(labels)}];
    bounds.emplace(*end, sample.labels.find("le")->second);
    if (bounds.size() > 1)
      return fmt::format(
          "`{}` selects the buckets up to {} of one histogram, and each counts the events of those below "
          "it once more: select one of them by its `le`",
          key, fmt::join(bounds | std::views::values, " and "));
  }
  return std::nullopt;
}

}  // namespace guard::core
