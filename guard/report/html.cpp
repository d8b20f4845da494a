// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/report/after.hpp"
#include "guard/report/badges.hpp"
#include "guard/report/chart.hpp"
#include "guard/report/escape.hpp"
#include "guard/report/page.hpp"
#include "guard/report/words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::report {
namespace {

std::string links(const std::vector<story::Link>& all) {
  std::string out;
  for (const auto& [name, url] : all)
    out += fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>\n", escape_html(url), bdi(name));
  return out.empty() ? "" : "<p class=\"links\">" + out + "</p>\n";
}

std::string table_head() {
  std::string out = "<thead><tr>";
  for (const auto& name : rule_head) out += fmt::format("<th scope=\"col\">{}</th>", name);
  return out + "</tr></thead>\n";
}

// On a narrow screen each cell stands by itself and needs the name of its column.
std::string table_row(const Report& report, const story::RuleView& rule) {
  const auto row = rule_row(report, rule);
  auto out = fmt::format("<tr><th scope=\"row\">{}</th>", bdi(row.front()));
  for (std::size_t i = 1; i + 1 < row.size(); ++i)
    out += fmt::format("<td data-name=\"{}\">{}</td>", rule_head[i], row[i].empty() ? "" : bdi(row[i]));
  return out + fmt::format("<td data-name=\"{}\">{}</td></tr>\n", rule_head.back(),
                           badge(badge_of(rule.verdict, rule.reason), row.back()));
}

std::string evidence(const Report& report) {
  std::string out = "<ul class=\"evidence\">\n";
  for (const auto& rule : report.view.rules)
    out += fmt::format("<li dir=\"auto\">{}</li>\n", escape_html(evidence_text(report, rule)));
  return report.view.rules.empty() ? "" : out + "</ul>\n";
}

std::string chart(const Report& report, std::size_t index, const TimeLive& live) {
  const auto& series = report.series[index];
  const auto described_so = described(series, figures(series, live));
  ChartWords words{fmt::format("chart-{}", index), described_so, {}};
  for (const auto& decision : report.view.decisions)
    if (decision.kind == model::DecisionKind::rollback) words.rollbacks.push_back(decision.at);
  const auto drawn = chart_svg(series, live, words);
  if (drawn.empty()) return "";
  return fmt::format(
             "<section class=\"card\"><h3>{}</h3>\n<figure>{}<figcaption dir=\"auto\">{}</figcaption></figure>\n",
             bdi(series.slo), drawn, escape_html(described_so)) +
         links(links_of_rule(report, series.slo)) + "</section>\n";
}

std::string charts(const Report& report) {
  const auto live = time_live(report.view);
  std::string out;
  for (std::size_t i = 0; live && i < report.series.size(); ++i) out += chart(report, i, *live);
  return out;
}

std::string objectives(const Report& report) {
  auto out =
      "<h2>Objectives while it was live</h2>\n"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Objectives in figures\">\n<table>\n" +
      table_head() + "<tbody>\n";
  for (const auto& rule : report.view.rules) out += table_row(report, rule);
  return out + "</tbody></table>\n</div>\n" + evidence(report) + charts(report);
}

// A hook says at its end what became of it; the whole of a long output would bury the report on a phone.
constexpr std::ptrdiff_t lines_shown = 20;

std::string preformatted(std::string_view text) {
  return fmt::format("<pre dir=\"auto\">{}</pre>\n", escape_html(text));
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

std::string attempt(const model::Attempt& attempt) {
  const bool over = attempt.result != model::AttemptResult::running;
  const auto silence = over ? "It wrote nothing." : "Its output is shown when it has ended.";
  return fmt::format("<div class=\"head\"><h4 dir=\"auto\">{}</h4>{}</div>\n", escape_html(attempt_text(attempt)),
                     badge(badge_of(attempt.result))) +
         (attempt.output.empty() ? fmt::format("<p class=\"dim\">{}</p>\n", silence) : output_of_hook(attempt.output));
}

std::string decision(const model::Decision& decision) {
  auto out = fmt::format("<section class=\"card\"><div class=\"head\"><h3>Decision {}</h3>{}{}</div>\n",
                         decision.number, badge(badge_of(decision.kind)),
                         decision.state == model::CallState::none ? "" : badge(badge_of(decision.state)));
  out += fmt::format("<p class=\"why\" dir=\"auto\">{}</p>\n<p class=\"dim\" dir=\"auto\">{}</p>\n",
                     escape_html(decision.reason), escape_html(decision_facts(decision)));
  for (const auto& each : decision.attempts) out += attempt(each);
  return out + "</section>\n";
}

// The newest first, as the page has them.
std::string decisions(const story::ReleaseView& view) {
  std::string out;
  for (auto it = view.decisions.rbegin(); it != view.decisions.rend(); ++it) out += decision(*it);
  return out.empty() ? "<p class=\"dim\">Nothing has been decided yet.</p>\n" : out;
}

std::string timeline(const std::vector<model::TimelineEvent>& events, std::string_view nothing) {
  if (events.empty()) return fmt::format("<p class=\"dim\">{}</p>\n", nothing);
  std::string out = "<ol class=\"timeline\">\n";
  for (auto it = events.rbegin(); it != events.rend(); ++it)
    out += fmt::format(
        "<li><time datetime=\"{}\">{}</time> <span class=\"kind\">{}</span> <span dir=\"auto\">{}</span></li>\n",
        format_time(it->at), time_text(it->at), escape_html(event_word(to_string(model::kind_of(it->what)))),
        escape_html(it->message));
  return out + "</ol>\n";
}

std::string headline(const story::ReleaseView& view) {
  return fmt::format("<div class=\"head\"><h1>Report: {}<span class=\"in\"> in </span>{}</h1>{}</div>\n",
                     bdi(view.spec.service), bdi(view.spec.environment),
                     badge(badge_of(view.phase), badge_of(view.phase).words, "badge big"));
}

std::string facts_list(const story::ReleaseView& view) {
  std::string out = "<dl>\n";
  for (const auto& [name, value] : facts(view))
    out += fmt::format("<dt>{}</dt><dd dir=\"auto\">{}</dd>\n", name, escape_html(value));
  return out + "</dl>\n";
}

}  // namespace

std::string html_report(const Report& report) {
  const auto& view = report.view;
  auto out = page_head(title_text(view));
  out += headline(view) + facts_list(view) + links(story::links_of(view, report.outside)) + objectives(report);
  out += "<h2>Alerts</h2>\n" + timeline(alert_events(report), "No alert that a rule reads fired.");
  out += "<h2>Decisions and hook calls</h2>\n" + decisions(view);
  for (const auto& chapter : after_chapters(report)) out += as_html(chapter);
  out += "<h2>Timeline</h2>\n" + timeline(report.timeline, "Nothing is told of it.");
  if (const auto left_out = left_out_text(report); !left_out.empty()) out += "<p>" + left_out + "</p>\n";
  return out + "</html>\n";
}

}  // namespace guard::report
