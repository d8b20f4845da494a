// SPDX-License-Identifier: Apache-2.0
#include "guard/report/report_json.hpp"

#include "guard/base/json_out.hpp"
#include "guard/report/after.hpp"
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
          {"problem", series.problem.value_or("")}};
}

json::object figures_json(const story::ReleaseView& view, const story::SeriesView& series) {
  auto out = figures_json(series, figures_of(view, series));
  out["step_seconds"] = json_seconds(series.step);
  return out;
}

}  // namespace

json::array json_tasks(const std::vector<Task>& tasks) {
  json::array out;
  for (const auto& task : tasks)
    out.push_back(json::object{{"task", task.what}, {"done", task.done}, {"words", task.words}});
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
  out["open_questions"] = json_list(open_questions(report));
  out["tasks"] = json_tasks(tasks_after(std::span(&report, 1)));
  out["failure"] = report.failure ? json::value(story::to_json(*report.failure)) : json::value(nullptr);
  story::add_timeline(out, report.timeline, report.timeline_before);
  return out;
}

}  // namespace guard::report
