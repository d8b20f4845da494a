// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report.hpp"

#include "guard/api/json_views.hpp"
#include "guard/api/report_style.hpp"
#include "guard/api/report_words.hpp"
#include "guard/api/target.hpp"

#include <array>

namespace guard::api {
namespace {

using Seconds = std::chrono::duration<double>;

json::object figures_json(const story::ReleaseView& view, const story::SeriesView& series) {
  auto out = to_json(series, figures_of(view, series));
  out["step_seconds"] = Seconds(series.step).count();
  return out;
}

// The style of the report is allowed by its hash; the page stays without script and loads nothing.
Response html_page(const Report& report) {
  auto response = html_response(html_report(report));
  response.headers["Content-Security-Policy"] = html_policy;
  return response;
}

json::object json_report(const Report& report) {
  auto out = to_json(report.view, report.outside);
  const auto duration = time_taken(report.view);
  out["outcome"] =
      model::is_final(report.view.phase) ? json::value(to_string(report.view.phase)) : json::value(nullptr);
  out["duration_seconds"] = duration ? json::value(Seconds(*duration).count()) : json::value(nullptr);
  const auto* cause = model::cause_of(report.view.decisions);
  out["cause"] = cause == nullptr ? json::value(nullptr) : json::value(cause->reason);
  json::array measured;
  for (const auto& series : report.series) measured.push_back(figures_json(report.view, series));
  out["figures"] = std::move(measured);
  out["alerts"] = to_json(alert_events(report));
  json::array verdicts;
  for (const auto& rule : report.view.rules) verdicts.emplace_back(verdict_text(report, rule));
  out["verdicts"] = std::move(verdicts);
  add_timeline(out, {report.timeline, report.timeline_before});
  return out;
}

}  // namespace

Result<ReportFormat> report_format(const Request& request) {
  static constexpr std::array<std::string_view, 1> known{"format"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  if (const auto it = request.query.find("format"); it != request.query.end()) {
    if (const auto format = from_string<ReportFormat>(it->second)) return *format;
    return fail(ErrorCode::invalid, "format must be json, md or html");
  }
  const auto accept = request.header("accept");
  if (accept.find("text/html") != std::string::npos) return ReportFormat::html;
  if (accept.find("application/json") != std::string::npos) return ReportFormat::json;
  return ReportFormat::md;
}

Response make_report(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::json:
      return json_response(200, json_report(report));
    case ReportFormat::md:
      return text_response(200, markdown_report(report), "text/markdown; charset=utf-8");
    case ReportFormat::html:
      return html_page(report);
  }
  return {};
}

}  // namespace guard::api
