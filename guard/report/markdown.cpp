// SPDX-License-Identifier: Apache-2.0
#include "guard/report/after.hpp"
#include "guard/report/badges.hpp"
#include "guard/report/escape.hpp"
#include "guard/report/words.hpp"

#include <fmt/format.h>

namespace guard::report {
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
  auto out = "## Objectives while it was live\n\n" + table_row(rule_head, escape_markdown) + rule_line();
  for (const auto& rule : report.view.rules) out += table_row(rule_row(report, rule), markdown_code);
  out += "\n";
  for (const auto& rule : report.view.rules) out += fmt::format("- {}\n", escape_markdown(evidence_text(report, rule)));
  return out;
}

// `nothing` stands where there are none.
std::string events(std::string_view heading, const std::vector<model::TimelineEvent>& list, std::string_view nothing) {
  auto out = fmt::format("\n## {}\n\n{}", heading, list.empty() ? nothing : "");
  for (const auto& event : list) out += fmt::format("- {}\n", escape_markdown(event_text(event)));
  return out;
}

std::string decisions(const story::ReleaseView& view) {
  std::string out = view.decisions.empty() ? "Nothing has been decided yet.\n" : "";
  for (const auto& decision : view.decisions) {
    out += fmt::format("{}\n\n", escape_markdown(decision_text(decision)));
    for (const auto& attempt : decision.attempts) {
      out += fmt::format("{}: {}\n\n", escape_markdown(attempt_text(attempt)), badge_of(attempt.result).words);
      if (!attempt.output.empty()) out += markdown_block(attempt.output) + "\n";
    }
  }
  return out;
}

// An address in which nothing ends the link or begins anything else; what it means stays the same.
std::string destination(const std::string& url) {
  constexpr std::string_view plain = "-._~:/?#@!$&'+,;=%";
  std::string out;
  for (const char c : url) {
    const bool safe = plain.find(c) != std::string_view::npos || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                      (c >= 'a' && c <= 'z');
    out += safe ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string markdown_report(const Report& report) {
  auto out = fmt::format("# {}\n\n", escape_markdown(title_text(report.view)));
  for (const auto& [name, value] : facts(report.view)) out += fmt::format("- {}: {}\n", name, escape_markdown(value));
  for (const auto& [name, url] : story::links_of(report.view, report.outside))
    out += fmt::format("- [{}]({})\n", escape_markdown(name), destination(url));
  out += "\n" + objectives(report) + events("Alerts", alert_events(report), "No alert that a rule reads fired.\n");
  out += "\n## Decisions and hook calls\n\n" + decisions(report.view);
  out = out.substr(0, out.find_last_not_of('\n') + 1) + "\n\n";
  for (const auto& chapter : after_chapters(report)) out += as_markdown(chapter);
  out.pop_back();  // the heading of the timeline brings its own
  out += events("Timeline", report.timeline, "Nothing is told of it.\n");
  const auto left_out = left_out_text(report);
  return left_out.empty() ? out : out + "\n" + left_out + "\n";
}

}  // namespace guard::report
