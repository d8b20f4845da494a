// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/report/backtest.hpp"
#include "guard/report/chart.hpp"
#include "guard/report/escape.hpp"
#include "guard/report/page.hpp"
#include "guard/report/words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::report {
namespace {

using replay::Judged;

// On an even grid, as charts have it; a reading stands at the point next to it.
story::SeriesView series_of(const Judged& judged, std::size_t rule) {
  const auto& objective = judged.group->rules[rule].objective;
  const auto& points = judged.points[rule];
  story::SeriesView view;
  view.slo = judged.group->rules[rule].slo;
  view.objective = model::objective_text(judged.group->rules[rule]);
  view.comparison = objective.comparison;
  view.unit = model::value_unit(objective);
  view.from = points.front().at;
  const auto steps = static_cast<Duration::rep>(points.size());
  view.step = std::max<Duration>(judged.group->interval, (points.back().at - view.from) / steps);
  view.points.resize(static_cast<std::size_t>((points.back().at - view.from) / view.step) + 1);
  for (const auto& point : points)
    view.points[static_cast<std::size_t>((point.at - view.from) / view.step)] = {point.value, point.bound,
                                                                                 point.baseline};
  return view;
}

std::string chart(const Judged& judged, std::size_t rule, const std::string& id) {
  if (rule >= judged.points.size() || judged.points[rule].size() < 2) return "";
  const auto series = series_of(judged, rule);
  const TimeLive live{*judged.course.release.spec.live_at, judged.course.release.replaced_at};
  ChartWords words{id, described(series, figures(series, live)), {}};
  for (const auto& conclusion : judged.course.conclusions)
    if (conclusion.decision.kind == model::DecisionKind::rollback) words.rollbacks.push_back(conclusion.decision.at);
  const auto drawn = chart_svg(series, live, words);
  if (drawn.empty()) return "";
  return fmt::format("<h4>{}</h4>\n<figure>{}<figcaption dir=\"auto\">{}</figcaption></figure>\n", bdi(series.slo),
                     drawn, escape_html(words.described));
}

// The rules that broke; what fired or was posted is no curve.
std::string charts(const Judged& judged, const std::string& id) {
  std::string out;
  for (std::size_t i = 0; judged.group && i < judged.course.rules.size(); ++i)
    if (judged.course.rules[i].breached_at && model::is_measured(judged.group->rules[i].kind))
      out += chart(judged, i, fmt::format("{}-{}", id, i));
  return out;
}

std::string name_of(const replay::Release& release) {
  return fmt::format("{} {} in {}", release.spec.service, release.spec.version, release.spec.environment);
}

std::string side_cell(const Judged& judged, const std::string& column) {
  return fmt::format("<td data-name=\"{}\">{}<br><span dir=\"auto\">{}</span></td>", escape_html(column),
                     badge(badge_of(judged)), escape_html(why(judged)));
}

std::string row(const Backtest& backtest, std::size_t index) {
  const auto& release = backtest.sides.front().judged[index].course.release;
  auto out = fmt::format("<tr><th scope=\"row\">{}</th><td data-name=\"Live\">{}</td>", bdi(name_of(release)),
                         time_text(*release.spec.live_at));
  for (const auto& side : backtest.sides) out += side_cell(side.judged[index], side.rules);
  const auto what = release.undone                                      ? "undone later"
                    : release.spec.kind == model::ReleaseKind::rollback ? "a rollback"
                                                                        : "kept";
  return out + fmt::format("<td data-name=\"Then\">{}</td></tr>\n", what);
}

std::string table(const Backtest& backtest) {
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Releases\">\n<table>\n<thead><tr>"
      "<th scope=\"col\">Release</th><th scope=\"col\">Live</th>";
  for (const auto& side : backtest.sides)
    out += fmt::format("<th scope=\"col\">With {} it would have been</th>", bdi(side.rules));
  out += "<th scope=\"col\">Then</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < backtest.sides.front().judged.size(); ++i) out += row(backtest, i);
  return out + "</tbody></table>\n</div>\n";
}

std::string details(const Backtest& backtest, const Side& side, const std::string& id) {
  std::string out;
  for (std::size_t i = 0; i < side.judged.size(); ++i) {
    const auto& judged = side.judged[i];
    const auto drawn = charts(judged, fmt::format("chart-{}-{}", id, i));
    if (drawn.empty()) continue;
    const auto by = backtest.sides.size() > 1 ? " by " + side.rules : "";
    out += fmt::format(
        "<section class=\"card\"><div class=\"head\"><h3>{}, {}{}</h3>{}</div>\n<p class=\"why\" "
        "dir=\"auto\">{}</p>\n{}</section>\n",
        bdi(name_of(judged.course.release)), time_text(*judged.course.release.spec.live_at), escape_html(by),
        badge(badge_of(judged)), escape_html(why(judged)), drawn);
  }
  return out;
}

}  // namespace

std::string html_page(const Backtest& backtest) {
  auto out = page_head("Backtest");
  out += "<div class=\"head\"><h1>What these rules would have done</h1></div>\n";
  out += fmt::format("<p>Releases from {} to {}.</p>\n", time_text(backtest.from), time_text(backtest.to));
  for (const auto& side : backtest.sides)
    out += fmt::format("<p><strong>{}</strong>: {}.</p>\n", bdi(side.rules), escape_html(summary_text(side)));
  for (const auto& note : backtest.notes) out += fmt::format("<p class=\"dim\">{}</p>\n", escape_html(note));
  out += "<h2>Releases</h2>\n" + table(backtest);
  std::string all;
  for (std::size_t i = 0; i < backtest.sides.size(); ++i)
    all += details(backtest, backtest.sides[i], fmt::to_string(i));
  if (!all.empty()) out += "<h2>What broke</h2>\n" + all;
  return out + "</html>\n";
}

}  // namespace guard::report
