// SPDX-License-Identifier: Apache-2.0
#include "guard/api/escape.hpp"
#include "guard/api/report_words.hpp"

#include <fmt/format.h>

namespace guard::api {
namespace {

std::string table_row(const Row& row, std::string (*written)(std::string_view)) {
  std::string out = "|";
  for (const auto& cell : row) out += fmt::format(" {} |", written(cell));
  return out + "\n";
}

std::string rule_line() {
  std::string out = "|";
  for (std::size_t i = 0; i < rule_head.size(); ++i) out += " --- |";
  return out + "\n";
}

std::string objectives(const Report& report) {
  auto out = "## Objectives\n\n" + table_row(rule_head, escape_markdown) + rule_line();
  for (const auto& rule : report.view.rules) out += table_row(rule_row(report, rule), markdown_code);
  out += "\n";
  for (const auto& rule : report.view.rules) out += fmt::format("- {}\n", escape_markdown(evidence_text(report, rule)));
  return out;
}

std::string events(std::string_view heading, const std::vector<journal::TimelineEvent>& list) {
  auto out = fmt::format("\n## {}\n\n{}", heading, list.empty() ? "None.\n" : "");
  for (const auto& event : list) out += fmt::format("- {}\n", escape_markdown(event_text(event)));
  return out;
}

std::string decisions(const engine::ReleaseView& view) {
  std::string out = view.decisions.empty() ? "None.\n" : "";
  for (const auto& decision : view.decisions) {
    out += fmt::format("{}\n\n", escape_markdown(decision_text(decision)));
    for (const auto& attempt : decision.attempts) {
      out += fmt::format("{}\n\n", escape_markdown(attempt_text(attempt)));
      if (!attempt.output.empty()) out += markdown_block(attempt.output) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string markdown_report(const Report& report) {
  auto out = fmt::format("# {}\n\n", escape_markdown(title_text(report.view)));
  for (const auto& [name, value] : facts(report.view)) out += fmt::format("- {}: {}\n", name, escape_markdown(value));
  out += "\n" + objectives(report) + events("Alerts", alert_events(report));
  out += "\n## Decisions\n\n" + decisions(report.view);
  out += events("Timeline", report.timeline);
  const auto left_out = left_out_text(report);
  return left_out.empty() ? out : out + "\n" + left_out + "\n";
}

}  // namespace guard::api
