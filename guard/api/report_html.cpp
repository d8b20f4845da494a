// SPDX-License-Identifier: Apache-2.0
#include "guard/api/escape.hpp"
#include "guard/api/report_chart.hpp"
#include "guard/api/report_words.hpp"

#include <fmt/format.h>

namespace guard::api {
namespace {

// Attributes only: html_response() lets no style in. The reader's own choice of dark or light holds for the page, and
// the charts take its colour.
constexpr std::string_view head =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";

std::string table_row(const Row& row, std::string_view tag) {
  std::string out = "<tr>";
  for (const auto& cell : row) out += fmt::format("<{0}>{1}</{0}>", tag, escape_html(cell));
  return out + "</tr>\n";
}

template <class Items, class Text>
std::string list(const Items& items, const Text& text) {
  std::string out = "<ul>\n";
  for (const auto& item : items) out += fmt::format("<li>{}</li>\n", escape_html(text(item)));
  return items.empty() ? "<p>None.</p>\n" : out + "</ul>\n";
}

std::string charts(const Report& report) {
  const auto live = time_live(report.view);
  if (!live) return "";
  std::string out;
  for (std::size_t i = 0; i < report.series.size(); ++i) {
    const auto& series = report.series[i];
    const auto drawn =
        chart_svg(series, *live, {fmt::format("chart-{}", i), described(series, figures(series, *live))});
    if (!drawn.empty()) out += fmt::format("<h3>{}</h3>\n{}", escape_html(series.slo), drawn);
  }
  return out;
}

std::string objectives(const Report& report) {
  auto out = "<h2>Objectives</h2>\n<table border=\"1\" cellpadding=\"4\">\n" + table_row(rule_head, "th");
  for (const auto& rule : report.view.rules) out += table_row(rule_row(report, rule), "td");
  out += "</table>\n";
  out += list(report.view.rules, [&](const engine::RuleView& rule) { return evidence_text(report, rule); });
  return out + charts(report);
}

std::string decisions(const engine::ReleaseView& view) {
  std::string out = view.decisions.empty() ? "<p>None.</p>\n" : "";
  for (const auto& decision : view.decisions) {
    out += fmt::format("<h3>{}</h3>\n", escape_html(decision_text(decision)));
    for (const auto& attempt : decision.attempts)
      out += fmt::format("<p>{}</p>\n<pre>{}</pre>\n", escape_html(attempt_text(attempt)), escape_html(attempt.output));
  }
  return out;
}

}  // namespace

std::string html_report(const Report& report) {
  const auto title = escape_html(title_text(report.view));
  auto out = fmt::format("{0}<title>{1}</title>\n<h1>{1}</h1>\n<dl>\n", head, title);
  for (const auto& [name, value] : facts(report.view))
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escape_html(value));
  out += "</dl>\n" + objectives(report);
  out += "<h2>Alerts</h2>\n" + list(alert_events(report), event_text);
  out += "<h2>Decisions</h2>\n" + decisions(report.view);
  return out + "<h2>Timeline</h2>\n" + list(report.timeline, event_text) + "</html>\n";
}

}  // namespace guard::api
