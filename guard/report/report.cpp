// SPDX-License-Identifier: Apache-2.0
#include "guard/report/report.hpp"

#include "guard/base/json_out.hpp"
#include "guard/report/style.hpp"
#include "guard/report/words.hpp"
#include "guard/story/json.hpp"

namespace guard::report {
namespace {

json::object figures_json(const story::SeriesView& series, const Figures& figures) {
  return {{"slo", series.slo},
          {"objective", series.objective},
          {"unit", to_string(series.unit)},
          {"points", figures.points},
          {"worst", json_number(figures.worst)},
          {"worst_at", json_time(figures.worst_at)},
          {"median", json_number(figures.median)},
          {"p95", json_number(figures.p95)},
          {"met_share", json_number(figures.met_share)},
          {"bound", json_number(figures.bound)},
          {"baseline", json_number(figures.baseline)},
          {"problem", series.problem}};
}

json::object figures_json(const story::ReleaseView& view, const story::SeriesView& series) {
  auto out = figures_json(series, figures_of(view, series));
  out["step_seconds"] = json_seconds(series.step);
  return out;
}

json::object json_report(const Report& report) {
  auto out = story::to_json(report.view, report.outside);
  const auto duration = time_taken(report.view);
  out["outcome"] =
      model::is_final(report.view.phase) ? json::value(to_string(report.view.phase)) : json::value(nullptr);
  out["duration_seconds"] = duration ? json::value(json_seconds(*duration)) : json::value(nullptr);
  const auto* cause = model::cause_of(report.view.decisions);
  out["cause"] = cause == nullptr ? json::value(nullptr) : json::value(cause->reason);
  json::array measured;
  for (const auto& series : report.series) measured.push_back(figures_json(report.view, series));
  out["figures"] = std::move(measured);
  out["alerts"] = story::to_json(alert_events(report));
  json::array verdicts;
  for (const auto& rule : report.view.rules) verdicts.emplace_back(verdict_text(report, rule));
  out["verdicts"] = std::move(verdicts);
  story::add_timeline(out, report.timeline, report.timeline_before);
  return out;
}

}  // namespace

Document written(const Report& report, Format format) {
  switch (format) {
    case Format::json:
      return {json::serialize(json_report(report)) + "\n", "application/json", ""};
    case Format::md:
      return {markdown_report(report), "text/markdown; charset=utf-8", ""};
    case Format::html:
      return {html_report(report), "text/html; charset=utf-8", std::string(html_policy)};
  }
  return {};
}

}  // namespace guard::report
