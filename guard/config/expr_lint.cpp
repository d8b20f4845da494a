// SPDX-License-Identifier: Apache-2.0
#include "guard/config/expr_lint.hpp"

#include "guard/base/duration.hpp"
#include "guard/promql/lint.hpp"
#include "guard/promql/metric_unit.hpp"
#include "guard/promql/shape.hpp"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::config {
namespace {

using model::Finding;
using model::Unit;

constexpr Duration shortest_since_live = std::chrono::seconds(10);  // what window_since_live takes at least

class ExprLint {
 public:
  ExprLint(const ObjectReader& object, const model::Rule& rule, const GroupTimes& times)
      : object_(object), expr_(*object.find("expr")), rule_(rule), times_(times) {}

  void run() const {
    if (!looks_like_value()) return;
    find_condition();
    find_grouping();
    find_raw_counter();
    find_long_range();
    find_long_offset();
    find_share_of_rates();
    find_rate_against_baseline();
    find_wrong_unit();
  }

 private:
  // About the byte `at` of the expression.
  void tell(std::size_t at, model::Remark remark) const {
    object_.report().remark(offset_in(object_.report().source(), expr_, at), std::move(remark));
  }

  bool looks_like_value() const {
    const auto range = promql::no_value(expr_.text);
    if (range)
      tell(*range, {Finding::not_a_value, "the result is a range of samples or a text, and every reading an error"});
    else if (!promql::has_metric(expr_.text))
      tell(0, {Finding::no_metric, "no metric stands in this expression, so its value says nothing of a release"});
    else
      return true;
    return false;
  }

  void find_condition() const {
    if (const auto at = promql::threshold_in(expr_.text))
      return tell(*at, {Finding::threshold_in_expr,
                        "a comparison returns nothing where it does not hold, which reads as no data"});
    if (promql::is_absence(expr_.text))
      return tell(0, {Finding::absence_in_expr,
                      "this is 1 where the series are missing and nothing where they are there, so it is never ok"});
    if (const auto at = promql::condition_in(expr_.text))
      tell(*at, {Finding::condition_in_expr,
                 "the expression returns nothing where this condition does not hold, which reads as no data"});
  }

  void find_grouping() const {
    if (rule_.reduce != model::Reduce::none) return;
    const auto grouping = promql::grouping(expr_.text, {"service", "environment", "version"});
    if (!grouping) return;
    const auto& labels = grouping->labels;
    tell(grouping->offset,
         {Finding::several_series,
          labels.empty() ? std::string("this is several series, and without `reduce` every such reading is an error")
                         : fmt::format("this is a series for each {}, and without `reduce` several are an error",
                                       fmt::join(labels, ", "))});
  }

  void find_raw_counter() const {
    if (const auto counter = promql::raw_counter(expr_.text))
      tell(counter->offset,
           {Finding::raw_counter, fmt::format("{} counts since its process began, and never comes down", counter->name),
            fmt::format("write rate({}[5m]) or increase({}[5m])", counter->name, counter->name)});
  }

  void find_long_range() const {
    const auto range = promql::longest_range(expr_.text);
    if (!range || times_.window == Duration{0} || range->length <= times_.settle) return;
    const auto shorter =
        range->length < shortest_since_live
            ? std::string()
            : fmt::format("write [{{{{ window_since_live \"{}\" }}}}] or ", format_duration(range->length));
    tell(range->offset,
         {Finding::range_over_settle,
          fmt::format("`settle` ({}) is shorter than this range: until the release is as old, readings mix in the "
                      "time before it and do not count",
                      format_duration(times_.settle)),
          shorter + "settle longer"});
  }

  // An offset as long as the window compares with another time on purpose.
  void find_long_offset() const {
    // One as long as the window compares with another time.
    const auto offset = promql::longest_offset(expr_.text, times_.window);
    if (!offset || offset->length <= times_.settle) return;
    tell(
        offset->offset,
        {Finding::offset_over_settle,
         fmt::format("`settle` ({}) is shorter than this offset ({}): until the release is as old, readings are of the "
                     "time before it and do not count",
                     format_duration(times_.settle), format_duration(offset->length))});
  }

  // The unit the value is compared in, where the objective says one.
  std::optional<Unit> unit() const {
    const auto& objective = rule_.objective;
    if (object_.find("objective") == nullptr || objective.of_baseline || objective.unit == Unit::number)
      return std::nullopt;
    return objective.unit;
  }

  void find_share_of_rates() const {
    if (unit() == Unit::ratio && promql::is_share_of_events(expr_.text))
      object_.report().remark(object_.offset_of("objective"), {Finding::share_of_rates,
                                                               "a share of rates breaks on one request of a few, and "
                                                               "remembers it for its whole range"});
  }

  void find_rate_against_baseline() const {
    const auto& objective = rule_.objective;
    const bool least =
        objective.comparison == model::Comparison::greater || objective.comparison == model::Comparison::greater_equal;
    if (objective.of_baseline && least && promql::is_rate_of_events(expr_.text))
      object_.report().remark(object_.offset_of("objective"),
                              {Finding::rate_against_baseline,
                               "half of three requests a minute is no drop yet, and a rate does not tell how many they "
                               "were"});
  }

  void find_wrong_unit() const {
    const auto wanted = unit();
    if (!wanted) return;
    const auto metrics = promql::metric_units(expr_.text);
    const auto scale = promql::unit_scale(expr_.text);
    const bool divided = promql::divides(expr_.text);
    const auto why =
        *wanted == Unit::ratio ? not_a_share(metrics, scale, divided) : not_in(*wanted, metrics, scale, divided);
    if (!why) return;
    object_.report().remark(
        object_.offset_of("objective"),
        {Finding::wrong_unit, fmt::format("the objective is compared in {}, and {}", base_unit(*wanted), *why)});
  }

  static std::string_view base_unit(Unit unit) { return unit == Unit::ratio ? "shares of 1" : to_string(unit); }

  using Metrics = std::vector<promql::MetricUnit>;

  static bool same(double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b); }

  static std::optional<std::string> not_a_share(const Metrics& metrics, double scale, bool divided) {
    const bool sized = std::ranges::any_of(metrics, [](const auto& m) { return m.quantity == promql::Quantity::size; });
    if (sized && !divided) return "the metric is in bytes";
    const bool of_hundred = std::ranges::any_of(
        metrics, [](const auto& m) { return m.quantity == promql::Quantity::share && m.factor < 1; });
    // A ratio of two percentages is a share again.
    if (of_hundred && !divided && same(scale, 1)) return "the metric is in percent, of 100";
    if (same(scale, 100) && !of_hundred) return "the expression multiplies by 100";
    return std::nullopt;
  }

  static std::optional<std::string> not_in(Unit unit, const Metrics& metrics, double scale, bool divided) {
    const auto wanted = unit == Unit::seconds ? promql::Quantity::time : promql::Quantity::size;
    if (metrics.empty()) return std::nullopt;
    const auto& first = metrics.front();
    const bool all_alike = std::ranges::all_of(metrics, [&](const auto& metric) { return metric == first; });
    if (!all_alike) return std::nullopt;
    if (first.quantity == wanted && !same(scale, first.factor))
      return same(scale, 1)
                 ? fmt::format("the metric is in {}", first.name)
                 : fmt::format("the metric is in {}, which the expression multiplies by {:g}", first.name, scale);
    if (first.quantity != wanted && !divided) return fmt::format("the metric is in {}", first.name);
    return std::nullopt;
  }

  const ObjectReader& object_;
  const Node& expr_;
  const model::Rule& rule_;
  const GroupTimes& times_;
};

}  // namespace

void lint_expr(const ObjectReader& object, const model::Rule& rule, const GroupTimes& times) {
  ExprLint(object, rule, times).run();
}

}  // namespace guard::config
