// SPDX-License-Identifier: Apache-2.0
#include "guard/api/report_words.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace guard::api {
namespace {

using engine::ReleaseView;
using engine::RuleView;
using engine::SeriesView;
using Seconds = std::chrono::duration<double>;

std::string time_or(std::optional<WallTime> at, std::string_view otherwise) {
  return at ? time_text(*at) : std::string(otherwise);
}

std::string duration_text(const ReleaseView& view) {
  const auto duration = time_taken(view);
  return duration ? format_duration(std::chrono::floor<std::chrono::seconds>(*duration)) : "not over yet";
}

std::string_view or_none(const std::string& text) {
  return text.empty() ? std::string_view("none") : std::string_view(text);
}

std::string quantity(std::optional<double> value, const RuleView& rule) {
  if (!value) return "none";
  return rule.kind == core::RuleKind::expr ? core::format_quantity(*value, rule.unit) : fmt::to_string(*value);
}

std::string figure(std::optional<double> value, const SeriesView& series) {
  return value ? core::format_quantity(*value, series.unit) : "none";
}

const SeriesView* series_of(const Report& report, const RuleView& rule) {
  const auto it = std::find_if(report.series.begin(), report.series.end(),
                               [&](const SeriesView& series) { return series.slo == rule.slo; });
  return it == report.series.end() ? nullptr : &*it;
}

std::string worst_text(const SeriesView& series, const Figures& figures) {
  if (!figures.worst_at) return figure(figures.worst, series);
  return fmt::format("{} at {}", figure(figures.worst, series), time_text(*figures.worst_at));
}

std::string met_text(const SeriesView& series, const Figures& figures) {
  if (!figures.met_share) return "none";
  return fmt::format("{} of {} points, one every {}", core::format_quantity(*figures.met_share, core::Unit::ratio),
                     figures.points, format_duration(series.step));
}

std::string_view trigger_words(core::Trigger trigger) {
  switch (trigger) {
    case core::Trigger::objective:
      return "an objective";
    case core::Trigger::alert:
      return "an alert";
    case core::Trigger::signal:
      return "a signal";
    case core::Trigger::manual:
      return "an order";
    case core::Trigger::window:
      return "the window";
  }
  return "";
}

// "error_rate: breached, it was pending: 20% against < 1%", as the guard writes it; the name of a rule has no colon.
struct VerdictChange {
  std::string_view slo;
  std::optional<core::Verdict> after;
};

std::optional<VerdictChange> verdict_change(const journal::TimelineEvent& event) {
  const std::string_view text = event.message;
  const auto colon = text.find(": ");
  const auto end = text.find(", it was ", colon);
  if (event.kind != "verdict" || end == std::string_view::npos) return std::nullopt;
  return VerdictChange{text.substr(0, colon), from_string<core::Verdict>(text.substr(colon + 2, end - colon - 2))};
}

bool was_breached(const Report& report, const RuleView& rule, WallTime until) {
  return std::any_of(report.timeline.begin(), report.timeline.end(), [&](const journal::TimelineEvent& event) {
    const auto change = verdict_change(event);
    return change && event.at <= until && change->slo == rule.slo && change->after == core::Verdict::breached;
  });
}

// After a rollback the rules are judged anew: their verdicts are then on the version that runs again.
std::string verdict_text(const Report& report, const RuleView& rule) {
  const auto live = time_live(report.view);
  const bool older = rule.reason == core::Reason::preexisting;
  auto last = older ? std::string("broken before the release") : in_words(rule.verdict);
  if (!live || !live->went_back || !live->to) return last;
  const bool was = was_breached(report, rule, *live->to);
  const auto before = !was ? "" : rule.verdict == core::Verdict::breached ? "still " : "breached, ";
  return fmt::format("{}{} after the rollback", before, last);
}

// Why the row of a rule has no figures, or not all of them; empty where nothing is amiss.
std::string what_is_missing(const Report& report, const SeriesView& series) {
  const auto found = figures_of(report.view, series).points > 0;
  if (!series.problem.empty()) return (found ? "Some figures are missing: " : "No figures: ") + series.problem;
  return found ? "" : "No figures: there are no values from the time it was live";
}

}  // namespace

const Row rule_head{"SLO", "objective", "baseline", "worst", "median", "p95", "objective met", "last value", "verdict"};

std::optional<Duration> time_taken(const ReleaseView& view) {
  if (!view.ended_at) return std::nullopt;
  return *view.ended_at - view.live_at.value_or(view.announced_at);
}

Figures figures_of(const ReleaseView& view, const SeriesView& series) {
  const auto live = time_live(view);
  return live ? figures(series, *live) : Figures{};
}

std::vector<journal::TimelineEvent> alert_events(const Report& report) {
  std::set<std::string_view> on_alerts;
  for (const auto& rule : report.view.rules)
    if (rule.kind == core::RuleKind::alerts) on_alerts.insert(rule.slo);
  std::set<std::string_view> fired;
  std::vector<journal::TimelineEvent> out;
  for (const auto& event : report.timeline) {
    const auto change = verdict_change(event);
    if (!change || !on_alerts.contains(change->slo)) continue;
    if (change->after == core::Verdict::ok && fired.erase(change->slo) == 0) continue;
    if (change->after == core::Verdict::pending || change->after == core::Verdict::breached) fired.insert(change->slo);
    out.push_back(event);
  }
  return out;
}

std::string title_text(const ReleaseView& view) {
  return fmt::format("Release {} of {} in {}", view.spec.version, view.spec.service, view.spec.environment);
}

std::vector<std::pair<std::string, std::string>> facts(const ReleaseView& view) {
  std::vector<std::pair<std::string, std::string>> out{
      {"outcome", fmt::format("{}: {}", in_words(view.phase), view.reason)},
      {"version", fmt::format("{}, before it {}", view.spec.version, or_none(view.spec.previous_version))},
      {"release", fmt::format("{} ({})", view.spec.id, to_string(view.spec.kind))},
      {"announced at", time_text(view.announced_at)},
      {"live at", time_or(view.live_at, "never")},
      {"ended at", time_or(view.ended_at, "not yet")},
      {"duration", duration_text(view)},
      {"rules", fmt::format("{}, mode {}, hook {}", view.group, to_string(view.mode), or_none(view.hook))}};
  if (const auto* cause = core::cause_of(view.decisions)) out.insert(out.begin() + 1, {"cause", cause->reason});
  if (!view.needs_person.empty()) out.emplace_back("needs a person", view.needs_person);
  for (const auto& step : view.next)
    out.emplace_back("next", step.at ? fmt::format("{} at {}", step.what, time_text(*step.at)) : step.what);
  return out;
}

Row rule_row(const Report& report, const RuleView& rule) {
  const auto verdict = verdict_text(report, rule);
  const auto baseline = rule.baseline ? quantity(rule.baseline, rule) : "";
  const auto* series = series_of(report, rule);
  const auto found = series == nullptr ? Figures{} : figures_of(report.view, *series);
  if (found.points == 0)
    return {rule.slo, rule.objective, baseline, "", "", "", "", quantity(rule.value, rule), verdict};
  return {rule.slo,
          rule.objective,
          found.baseline ? figure(found.baseline, *series) : baseline,
          worst_text(*series, found),
          figure(found.median, *series),
          figure(found.p95, *series),
          met_text(*series, found),
          quantity(rule.value, rule),
          verdict};
}

std::string evidence_text(const Report& report, const RuleView& rule) {
  auto out = fmt::format("{}, last read {}: {}", rule.slo, rule.read_at ? "at " + time_text(*rule.read_at) : "never",
                         or_none(rule.explanation));
  if (rule.kind != core::RuleKind::expr) return out;
  const auto* series = series_of(report, rule);
  const auto missing = series == nullptr ? "No figures: it never went live, so there is nothing to measure"
                                         : what_is_missing(report, *series);
  return missing.empty() ? out : fmt::format("{}. {}", out, missing);
}

std::string described(const SeriesView& series, const Figures& figures) {
  return fmt::format("Objective {}; worst {}, median {}, 95th percentile {}, objective met at {}.", series.objective,
                     worst_text(series, figures), figure(figures.median, series), figure(figures.p95, series),
                     met_text(series, figures));
}

std::string decision_text(const core::Decision& decision) {
  auto out = fmt::format("{} {} {} because of {}", decision.number, time_text(decision.at), in_words(decision.kind),
                         trigger_words(decision.trigger));
  if (!decision.actor.empty()) out += fmt::format(" by {}", decision.actor);
  if (decision.brake != core::Brake::none) out += fmt::format(", held by {}", in_words(decision.brake));
  if (decision.state != core::CallState::none)
    out += fmt::format(", hook {} {}", decision.hook, to_string(decision.state));
  return fmt::format("{}: {}", out, decision.reason);
}

std::string attempt_text(const core::Attempt& attempt) {
  const auto duration = attempt.duration ? fmt::format(" after {:.1f}s", Seconds(*attempt.duration).count()) : "";
  return fmt::format("attempt {} at {}: {}{} ({})", attempt.number, time_text(attempt.started_at),
                     to_string(attempt.result), duration, attempt.detail);
}

std::string left_out_text(const Report& report) {
  if (!report.timeline_before) return "";
  return fmt::format("Only the newest {} entries are shown; the API gives the older ones too.", report.timeline.size());
}

std::string event_text(const journal::TimelineEvent& event) {
  return fmt::format("{} {}: {}", time_text(event.at), event.kind, event.message);
}

}  // namespace guard::api
