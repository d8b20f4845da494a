// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report.hpp"

#include "guard/api/escape.hpp"
#include "guard/api/json_views.hpp"
#include "guard/api/target.hpp"
#include "guard/base/duration.hpp"

#include <array>

#include <fmt/format.h>

namespace guard::api {
namespace {

using engine::ReleaseView;
using Timeline = std::vector<journal::TimelineEvent>;
using Seconds = std::chrono::duration<double>;
using Row = std::array<std::string, 7>;

const Row rule_head{"SLO", "last value", "objective", "baseline", "verdict", "read at", "why"};

// From live, or from the announcement where it never went live, to the end.
std::optional<Duration> took(const ReleaseView& view) {
  if (!view.ended_at) return std::nullopt;
  return *view.ended_at - view.live_at.value_or(view.announced_at);
}

std::string time_or(std::optional<WallTime> at, std::string_view otherwise) {
  return at ? format_time(*at) : std::string(otherwise);
}

std::string duration_text(const ReleaseView& view) {
  const auto duration = took(view);
  return duration ? format_duration(std::chrono::floor<std::chrono::seconds>(*duration)) : "not over yet";
}

std::string_view or_none(const std::string& text) {
  return text.empty() ? std::string_view("none") : std::string_view(text);
}

// The facts of the head, in order.
std::vector<std::pair<std::string, std::string>> facts(const ReleaseView& view) {
  std::vector<std::pair<std::string, std::string>> out{
      {"outcome", fmt::format("{}: {}", to_string(view.phase), view.reason)},
      {"version", fmt::format("{}, before it {}", view.spec.version, or_none(view.spec.previous_version))},
      {"release", fmt::format("{} ({})", view.spec.id, to_string(view.spec.kind))},
      {"announced at", format_time(view.announced_at)},
      {"live at", time_or(view.live_at, "never")},
      {"ended at", time_or(view.ended_at, "not yet")},
      {"duration", duration_text(view)},
      {"rules", fmt::format("{}, mode {}, hook {}", view.group, to_string(view.mode), or_none(view.hook))}};
  if (!view.needs_person.empty()) out.emplace_back("needs a person", view.needs_person);
  for (const auto& step : view.next)
    out.emplace_back("next", step.at ? fmt::format("{} at {}", step.what, format_time(*step.at)) : step.what);
  return out;
}

std::string quantity(std::optional<double> value, const engine::RuleView& rule) {
  if (!value) return "none";
  return rule.kind == core::RuleKind::expr ? core::format_quantity(*value, rule.unit) : fmt::to_string(*value);
}

Row rule_row(const engine::RuleView& rule) {
  return {rule.slo,
          quantity(rule.value, rule),
          rule.objective,
          rule.baseline ? quantity(rule.baseline, rule) : "",
          fmt::format("{} ({})", to_string(rule.verdict), to_string(rule.reason)),
          time_or(rule.read_at, "never"),
          rule.explanation};
}

std::string decision_text(const core::Decision& decision) {
  auto out = fmt::format("{} {} {} ({})", decision.number, format_time(decision.at), to_string(decision.kind),
                         to_string(decision.trigger));
  if (!decision.actor.empty()) out += fmt::format(" by {}", decision.actor);
  if (decision.brake != core::Brake::none) out += fmt::format(", held by {}", to_string(decision.brake));
  if (decision.state != core::CallState::none)
    out += fmt::format(", hook {} {}", decision.hook, to_string(decision.state));
  return fmt::format("{}: {}", out, decision.reason);
}

std::string attempt_text(const core::Attempt& attempt) {
  const auto duration = attempt.duration ? fmt::format(" after {:.1f}s", Seconds(*attempt.duration).count()) : "";
  return fmt::format("attempt {} at {}: {}{} ({})", attempt.number, format_time(attempt.started_at),
                     to_string(attempt.result), duration, attempt.detail);
}

std::string event_text(const journal::TimelineEvent& event) {
  return fmt::format("{} {}: {}", format_time(event.at), event.kind, event.message);
}

std::string markdown_row(const Row& row) {
  std::string out = "|";
  for (const auto& cell : row) out += fmt::format(" {} |", escape_markdown(cell));
  return out + "\n";
}

std::string markdown_decisions(const ReleaseView& view) {
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

std::string markdown(const ReleaseView& view, const Timeline& timeline) {
  auto out = fmt::format("# Release {} of {} in {}\n\n", escape_markdown(view.spec.version),
                         escape_markdown(view.spec.service), escape_markdown(view.spec.environment));
  for (const auto& [name, value] : facts(view)) out += fmt::format("- {}: {}\n", name, escape_markdown(value));
  out += "\n## Objectives\n\n" + markdown_row(rule_head) + "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const auto& rule : view.rules) out += markdown_row(rule_row(rule));
  out += "\n## Decisions\n\n" + markdown_decisions(view) + "\n## Timeline\n\n";
  for (const auto& event : timeline) out += fmt::format("- {}\n", escape_markdown(event_text(event)));
  return out;
}

std::string html_row(const Row& row, std::string_view cell_tag) {
  std::string out = "<tr>";
  for (const auto& cell : row) out += fmt::format("<{0}>{1}</{0}>", cell_tag, escape_html(cell));
  return out + "</tr>\n";
}

std::string html_decisions(const ReleaseView& view) {
  std::string out = view.decisions.empty() ? "<p>None.</p>\n" : "";
  for (const auto& decision : view.decisions) {
    out += fmt::format("<h3>{}</h3>\n", escape_html(decision_text(decision)));
    for (const auto& attempt : decision.attempts)
      out += fmt::format("<p>{}</p>\n<pre>{}</pre>\n", escape_html(attempt_text(attempt)), escape_html(attempt.output));
  }
  return out;
}

std::string html(const ReleaseView& view, const Timeline& timeline) {
  const auto title =
      escape_html(fmt::format("Release {} of {} in {}", view.spec.version, view.spec.service, view.spec.environment));
  auto out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{0}</title>\n<h1>{0}</h1>\n<dl>\n", title);
  for (const auto& [name, value] : facts(view))
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escape_html(value));
  out += "</dl>\n<h2>Objectives</h2>\n<table>\n" + html_row(rule_head, "th");
  for (const auto& rule : view.rules) out += html_row(rule_row(rule), "td");
  out += "</table>\n<h2>Decisions</h2>\n" + html_decisions(view) + "<h2>Timeline</h2>\n<ol>\n";
  for (const auto& event : timeline) out += fmt::format("<li>{}</li>\n", escape_html(event_text(event)));
  return out + "</ol>\n</html>\n";
}

json::object json_report(const ReleaseView& view, const Timeline& timeline) {
  auto out = to_json(view);
  const auto duration = took(view);
  out["outcome"] = core::is_final(view.phase) ? json::value(to_string(view.phase)) : json::value(nullptr);
  out["duration_seconds"] = duration ? json::value(Seconds(*duration).count()) : json::value(nullptr);
  out["timeline"] = to_json(timeline);
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

Response make_report(const ReleaseView& view, const Timeline& timeline, ReportFormat format) {
  switch (format) {
    case ReportFormat::json:
      return json_response(200, json_report(view, timeline));
    case ReportFormat::md:
      return text_response(200, markdown(view, timeline), "text/markdown; charset=utf-8");
    case ReportFormat::html:
      return html_response(html(view, timeline));
  }
  return {};
}

}  // namespace guard::api
