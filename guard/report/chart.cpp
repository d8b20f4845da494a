// SPDX-License-Identifier: Apache-2.0
#include "guard/report/chart.hpp"

#include "guard/base/time_text.hpp"
#include "guard/report/escape.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::report {
namespace {

using story::SeriesView;
using Point = SeriesView::Point;
using Field = std::optional<double> Point::*;

// In pixels of a page at its natural size.
constexpr double width = 720;
constexpr double left = 80;
constexpr double right = 700;
constexpr double top = 34;
constexpr double bottom = 190;
constexpr double height = 266;
constexpr double row = 18;

// These stand out from white and from black alike (WCAG 2.2, 1.4.11: 3 to 1).
constexpr std::string_view value_line = R"(stroke="#3b82f6" stroke-width="2")";
constexpr std::string_view bound_line = R"(stroke="#dc2626" stroke-width="1.5" stroke-dasharray="7 4")";
constexpr std::string_view baseline_line = R"(stroke="#7c7f87" stroke-width="2" stroke-dasharray="1 5")";
constexpr std::string_view bad_side = R"(fill="#dc2626" fill-opacity="0.1" stroke="none")";
constexpr std::string_view mark_line = R"(stroke="currentColor" stroke-dasharray="2 3")";

bool drawable(std::optional<double> value) {
  return value && std::isfinite(*value);
}

bool has(const SeriesView& series, Field field) {
  return std::any_of(series.points.begin(), series.points.end(), [=](const Point& p) { return drawable(p.*field); });
}

// From zero, as a share, a duration or a queue is read.
struct Range {
  double low = 0;
  double high = 0;
};

Range range_of(const SeriesView& series) {
  Range out;
  for (const auto& point : series.points)
    for (const auto field : {&Point::value, &Point::bound, &Point::baseline})
      if (drawable(point.*field)) out = {std::min(out.low, *(point.*field)), std::max(out.high, *(point.*field))};
  return out;
}

// From points to places in the drawing.
class Scale {
 public:
  explicit Scale(const SeriesView& series)
      : range(range_of(series)),
        top_(with_room(range)),
        from_(series.from),
        span_(static_cast<double>((last(series) - from_).count())) {}

  double x(WallTime at) const {
    return span_ <= 0 ? left : left + (right - left) * static_cast<double>((at - from_).count()) / span_;
  }
  // A flat line is drawn in the middle.
  double y(double value) const {
    // Halves first: the difference of two finite numbers may be infinite.
    const auto size = top_ / 2 - range.low / 2;
    const auto share = size > 0 ? (value / 2 - range.low / 2) / size : 0.5;
    return bottom - (bottom - top) * share;
  }
  static WallTime last(const SeriesView& series) {
    return series.from + series.step * static_cast<Duration::rep>(series.points.size() - 1);
  }

  Range range;

 private:
  // Above whatever is highest, so that the bad side of an objective that is kept is seen.
  static double with_room(const Range& range) {
    const auto highest = range.high + (range.high / 2 - range.low / 2) * 0.3;
    return std::isfinite(highest) ? highest : range.high;
  }

  double top_;
  WallTime from_;
  double span_;
};

// A line through the points that are known, broken where one is not; a point by itself becomes a dot.
std::string line(const SeriesView& series, const Scale& scale, Field field, std::string_view look) {
  std::string path;
  bool drawing = false;
  auto at = series.from;
  for (const auto& point : series.points) {
    const auto& value = point.*field;
    if (drawable(value) && drawing) path += fmt::format("L{:.1f} {:.1f}", scale.x(at), scale.y(*value));
    if (drawable(value) && !drawing) path += fmt::format("M{:.1f} {:.1f}h0", scale.x(at), scale.y(*value));
    drawing = drawable(value);
    at += series.step;
  }
  if (path.empty()) return "";
  return fmt::format("<path d=\"{}\" fill=\"none\" stroke-linecap=\"round\" {}/>\n", path, look);
}

// The side of the objective where the value must not be.
std::string shade(const SeriesView& series, const Scale& scale) {
  const auto comparison = to_string(series.comparison);
  if (!comparison.starts_with('<') && !comparison.starts_with('>')) return "";
  const auto edge = comparison.starts_with('<') ? top : bottom;
  std::string along;
  double first = left;
  double last = left;
  auto at = series.from;
  for (const auto& point : series.points) {
    if (drawable(point.bound)) {
      last = scale.x(at);
      if (along.empty()) first = last;
      along += fmt::format("L{:.1f} {:.1f}", last, scale.y(*point.bound));
    }
    at += series.step;
  }
  if (along.empty()) return "";
  return fmt::format("<path d=\"M{:.1f} {}{}L{:.1f} {}Z\" {}/>\n", first, edge, along, last, edge, bad_side);
}

std::string text(double x, double y, std::string_view anchor, std::string_view words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escape_html(words));
}

std::string axes(const SeriesView& series, const Scale& scale) {
  auto out =
      fmt::format("<path d=\"M{} {}V{}H{}\" fill=\"none\" stroke=\"currentColor\"/>\n", left, top, bottom, right);
  const auto number = [&](double value) {
    return text(left - 6, scale.y(value) + 4, "end", model::format_quantity(value, series.unit));
  };
  out += number(scale.range.high);
  if (scale.range.low < scale.range.high) out += number(scale.range.low);
  out += text(left, height - 6, "start", time_text(series.from));
  out += text(right, height - 6, "end", time_text(Scale::last(series)));
  return out;
}

// Each mark has a row below the axis for its word: two may be close together.
std::string mark(const Scale& scale, WallTime at, std::string_view words, int place) {
  const auto x = scale.x(at);
  if (x < left || x > right) return "";
  return fmt::format("<path d=\"M{0:.1f} {1}V{2}\" {3}/>\n", x, top, bottom, mark_line) +
         text(x, bottom + 15 + place * row, x > right - 40 ? "end" : "middle", words);
}

std::string legend(const SeriesView& series) {
  std::string out;
  double x = left;
  const auto entry = [&](Field field, std::string_view look, const std::string& words) {
    if (!has(series, field)) return;
    out += fmt::format("<path d=\"M{} 14h24\" {}/>\n", x, look) + text(x + 30, 18, "start", words);
    x += 200;
  };
  entry(&Point::value, value_line, "value");
  entry(&Point::bound, bound_line, "objective " + series.objective);
  entry(&Point::baseline, baseline_line, "baseline");
  return out;
}

std::string head(const SeriesView& series, const ChartWords& words) {
  const auto id = escape_html(words.id);
  return fmt::format(
      "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "role=\"img\" "
      "aria-labelledby=\"{2}-title {2}-desc\" font-size=\"12\" font-family=\"sans-serif\" fill=\"currentColor\">\n"
      "<title id=\"{2}-title\">{3} over the watch</title>\n<desc id=\"{2}-desc\">{4}</desc>\n",
      width, height, id, escape_html(series.slo), escape_html(words.described));
}

}  // namespace

std::string chart_svg(const SeriesView& series, const TimeLive& live, const ChartWords& words) {
  if (!has(series, &Point::value)) return "";
  const Scale scale(series);
  auto out = head(series, words) + shade(series, scale) + axes(series, scale) + legend(series) +
             mark(scale, live.from, "live", 0);
  for (const auto at : words.rollbacks) out += mark(scale, at, "rollback", 1);
  if (live.to) out += mark(scale, *live.to, live.went_back ? "hook done" : "end", 2);
  out += line(series, scale, &Point::baseline, baseline_line);
  out += line(series, scale, &Point::bound, bound_line);
  return out + line(series, scale, &Point::value, value_line) + "</svg>\n";
}

}  // namespace guard::report
