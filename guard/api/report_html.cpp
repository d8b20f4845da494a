// SPDX-License-Identifier: Apache-2.0
#include "guard/api/escape.hpp"
#include "guard/api/report_chart.hpp"
#include "guard/api/report_words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::api {
namespace {

// As wide as the screen: a table that is wider scrolls by itself; on a phone each of its rows is a block, and the words
// of a chart made small are not. html_policy names the hash of this.
constexpr std::string_view style =
    "body{max-width:80rem;margin:0 auto;padding:1rem;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}"
    "dl{display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.3rem 1rem}dt{font-weight:600}dd{margin:0}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;overflow-wrap:normal}"
    "th,td{border:1px solid;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    "svg{display:block;max-width:100%;height:auto}ul{padding-left:1.2rem}pre{white-space:pre-wrap}"
    "@media(max-width:40rem){svg{font-size:17px;overflow:visible}"
    "table,tbody,tr,td{display:block}thead,td:empty{display:none}tr{margin-bottom:1rem;border:1px solid}"
    "td{border:0}td:first-child{font-weight:600}td+td::before{content:attr(data-name) \": \"}}";

// The reader's own choice of dark or light holds for the page, and the charts take its colour.
constexpr std::string_view head =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

std::string table_head() {
  std::string out = "<thead><tr>";
  for (const auto& name : rule_head) out += fmt::format("<th scope=\"col\">{}</th>", name);
  return out + "</tr></thead>\n";
}

// On a narrow screen each cell stands by itself and needs the name of its column.
std::string table_row(const Row& row) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < row.size(); ++i)
    out += fmt::format("<td data-name=\"{}\">{}</td>", rule_head[i], escape_html(row[i]));
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
  auto out =
      "<h2>Objectives</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Objectives\">\n"
      "<table>\n" +
      table_head() + "<tbody>\n";
  for (const auto& rule : report.view.rules) out += table_row(rule_row(report, rule));
  out += "</tbody></table>\n</div>\n";
  out += list(report.view.rules, [&](const engine::RuleView& rule) { return evidence_text(report, rule); });
  return out + charts(report);
}

// A hook says at its end what became of it; the whole of a long output would bury the report on a phone.
constexpr std::ptrdiff_t lines_shown = 20;

std::string preformatted(std::string_view text) {
  return fmt::format("<pre>{}</pre>\n", escape_html(text));
}

std::string output_of_hook(std::string_view output) {
  if (output.ends_with('\n')) output.remove_suffix(1);
  const auto lines = std::ranges::count(output, '\n') + 1;
  if (lines <= lines_shown) return preformatted(output);
  auto from = output.size();
  for (std::ptrdiff_t i = 0; i < lines_shown; ++i) from = output.rfind('\n', from - 1);
  return fmt::format("<p>Its last {} lines:</p>\n{}<details><summary>all {} lines</summary>\n{}</details>\n",
                     lines_shown, preformatted(output.substr(from + 1)), lines, preformatted(output));
}

std::string decisions(const engine::ReleaseView& view) {
  std::string out = view.decisions.empty() ? "<p>None.</p>\n" : "";
  for (const auto& decision : view.decisions) {
    out += fmt::format("<h3>{}</h3>\n", escape_html(decision_text(decision)));
    for (const auto& attempt : decision.attempts)
      out += fmt::format("<p>{}</p>\n{}", escape_html(attempt_text(attempt)), output_of_hook(attempt.output));
  }
  return out;
}

}  // namespace

const std::string_view html_policy =
    "default-src 'none'; style-src 'sha256-mjyif3tFnb8S5EKwFeIefk/CFhZk+f/dJjDAd4GO4Rk='; frame-ancestors 'none'";

std::string html_report(const Report& report) {
  const auto title = escape_html(title_text(report.view));
  auto out = fmt::format("{0}<style>{1}</style>\n<title>{2}</title>\n<h1>{2}</h1>\n<dl>\n", head, style, title);
  for (const auto& [name, value] : facts(report.view))
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escape_html(value));
  out += "</dl>\n" + objectives(report);
  out += "<h2>Alerts</h2>\n" + list(alert_events(report), event_text);
  out += "<h2>Decisions</h2>\n" + decisions(report.view);
  out += "<h2>Timeline</h2>\n" + list(report.timeline, event_text);
  if (const auto left_out = left_out_text(report); !left_out.empty()) out += "<p>" + left_out + "</p>\n";
  return out + "</html>\n";
}

}  // namespace guard::api
