// SPDX-License-Identifier: Apache-2.0
#include "guard/report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace guard::report {
namespace {

using model::Comparison;
using Point = story::SeriesView::Point;

bool known(std::optional<double> value) {
  return value && std::isfinite(*value);
}

std::optional<double> percentile_95(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto rank = (95 * values.size() + 99) / 100;
  return values[rank - 1];
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::optional<double> median_of(const std::vector<Point>& points, std::optional<double> Point::* field) {
  std::vector<double> values;
  for (const auto& point : points)
    if (known(point.*field)) values.push_back(*(point.*field));
  return median(std::move(values));
}

// Keeps the first of equally bad points.
class Worst {
 public:
  void see(Comparison comparison, const Point& point, WallTime at) {
    const auto how_bad = model::badness(comparison, *point.value, point.bound);
    if (!how_bad || (worst_ && *how_bad <= *worst_)) return;
    worst_ = how_bad;
    value = point.value;
    when = at;
  }
  std::optional<double> value;
  std::optional<WallTime> when;

 private:
  std::optional<double> worst_;
};

std::optional<double> share_met(Comparison comparison, const std::vector<Point>& points) {
  const auto judged = std::count_if(points.begin(), points.end(), [](const Point& p) { return known(p.bound); });
  if (judged == 0) return std::nullopt;
  const auto met = std::count_if(points.begin(), points.end(), [comparison](const Point& p) {
    return known(p.bound) && model::holds(comparison, *p.value, *p.bound);
  });
  return static_cast<double>(met) / static_cast<double>(judged);
}

}  // namespace

std::optional<TimeLive> time_live(const story::ReleaseView& view) {
  if (!view.live_at) return std::nullopt;
  const auto back = std::find_if(view.decisions.begin(), view.decisions.end(), [](const model::Decision& decision) {
    return decision.kind == model::DecisionKind::rollback && decision.state == model::CallState::confirmed;
  });
  const bool went_back = back != view.decisions.end();
  return TimeLive{*view.live_at, went_back ? back->finished_at : view.ended_at, went_back};
}

Figures figures(const story::SeriesView& series, const TimeLive& span) {
  std::vector<Point> points;
  Worst worst;
  auto at = series.from;
  for (const auto& point : series.points) {
    if (known(point.value) && at >= span.from && (!span.to || at <= *span.to)) {
      points.push_back(point);
      worst.see(series.comparison, point, at);
    }
    at += series.step;
  }
  std::vector<double> values;
  for (const auto& point : points) values.push_back(*point.value);
  return {points.size(),
          worst.value,
          worst.when,
          median(values),
          percentile_95(values),
          share_met(series.comparison, points),
          median_of(points, &Point::bound),
          median_of(points, &Point::baseline)};
}

}  // namespace guard::report
