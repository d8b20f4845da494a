// SPDX-License-Identifier: Apache-2.0
#include "guard/report/words.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/report/badges.hpp"
#include "guard/story/json.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::report {
namespace {

using story::ReleaseView;
using story::RuleView;
using story::SeriesView;

std::string time_or(std::optional<WallTime> at, std::string_view otherwise) {
  return at ? time_text(*at) : std::string(otherwise);
}

std::string duration_text(const ReleaseView& view) {
  const auto duration = time_taken(view);
  return duration ? short_duration(*duration) : "";
}

// What is over at once is told in milliseconds.
std::string time_taken_text(Duration duration) {
  return duration < std::chrono::seconds(1) ? format_duration(duration) : short_duration(duration);
}

// A signal is told, not read, and its explanation says when.
std::string when_read(const RuleView& rule) {
  if (rule.read_at) return ", last read at " + time_text(*rule.read_at);
  return model::is_measured(rule.kind) ? ", last read never" : "";
}

std::string_view or_none(const std::string& text) {
  return text.empty() ? std::string_view("none") : std::string_view(text);
}

std::string versions(const model::ReleaseSpec& spec) {
  const auto before = spec.previous_version.empty() ? "nothing before it" : "before it " + spec.previous_version;
  return fmt::format("{}, {}", spec.version, before);
}

std::string labels(const model::ReleaseSpec& spec) {
  std::string out;
  for (const auto& [name, value] : spec.labels) out += fmt::format("{}{}: {}", out.empty() ? "" : " · ", name, value);
  return out;
}

std::string figure(std::optional<double> value, const SeriesView& series) {
  return value ? model::format_quantity(*value, series.unit) : "none";
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
  return fmt::format("{} of {} points, one every {}", model::format_quantity(*figures.met_share, model::Unit::ratio),
                     figures.points, format_duration(series.step));
}

bool was_breached(const Report& report, const RuleView& rule, WallTime until) {
  return std::any_of(report.timeline.begin(), report.timeline.end(), [&](const model::TimelineEvent& event) {
    const auto* change = std::get_if<model::VerdictChanged>(&event.what);
    return change != nullptr && event.at <= until && change->slo == rule.slo && change->to == model::Verdict::breached;
  });
}

// Why the row of a rule has no figures, or not all of them; empty where nothing is amiss.
std::string what_is_missing(const Report& report, const SeriesView& series) {
  const auto found = figures_of(report.view, series).points > 0;
  if (series.problem) return (found ? "Some figures are missing: " : "No figures: ") + *series.problem;
  return found ? "" : "No figures: there are no values from the time it was live";
}

}  // namespace

const Row rule_head{"Objective",       "Must be",       "Baseline",   "Worst",      "Median",
                    "95th percentile", "Objective met", "Last value", "Verdict now"};

std::optional<Duration> time_taken(const ReleaseView& view) {
  if (!view.ended_at) return std::nullopt;
  return *view.ended_at - view.live_at.value_or(view.announced_at);
}

Figures figures_of(const ReleaseView& view, const SeriesView& series) {
  const auto live = time_live(view);
  return live ? figures(series, *live) : Figures{};
}

std::vector<model::TimelineEvent> alert_events(const Report& report) {
  std::set<std::string_view> on_alerts;
  for (const auto& rule : report.view.rules)
    if (rule.kind == model::RuleKind::alerts) on_alerts.insert(rule.slo);
  std::set<std::string_view> fired;
  std::vector<model::TimelineEvent> out;
  for (const auto& event : report.timeline) {
    const auto* change = std::get_if<model::VerdictChanged>(&event.what);
    if (change == nullptr || !on_alerts.contains(change->slo)) continue;
    if (change->to == model::Verdict::ok && fired.erase(change->slo) == 0) continue;
    if (change->to == model::Verdict::pending || change->to == model::Verdict::breached) fired.insert(change->slo);
    out.push_back(event);
  }
  return out;
}

std::string title_text(const ReleaseView& view) {
  return fmt::format("Report: {} in {}", view.spec.service, view.spec.environment);
}

std::vector<std::pair<std::string, std::string>> facts(const ReleaseView& view) {
  const auto* cause = model::cause_of(view.decisions);
  const auto hook = view.hook.empty() ? "" : ", hook " + view.hook;
  std::vector<std::pair<std::string, std::string>> out{
      {"Outcome", fmt::format("{}: {}", badge_of(view.phase).words, view.reason)},
      {"Cause", cause == nullptr ? "" : cause->reason},
      {"A person is needed", view.needs_person.value_or("")},
      {"Whom to call", view.needs_person ? model::contacts_text(view.contacts) : ""},
      {"Version", versions(view.spec)},
      {"Announced", time_text(view.announced_at)},
      {"Live", time_or(view.live_at, "never")},
      {"Ended", time_or(view.ended_at, "not yet")},
      {"Took", duration_text(view)},
      {"Rules", fmt::format("{}, mode {}: {}{}", view.group, to_string(view.mode), mode_words(view.mode), hook)},
      {"Labels", labels(view.spec)},
      {"Release", fmt::format("{} ({})", view.spec.id, to_string(view.spec.kind))}};
  for (const auto& step : view.next)
    out.emplace_back("Next", step.at ? fmt::format("{} at {}", step.what, time_text(*step.at)) : step.what);
  std::erase_if(out, [](const auto& fact) { return fact.second.empty(); });
  return out;
}

std::string verdict_text(const Report& report, const RuleView& rule) {
  const auto live = time_live(report.view);
  std::string now(badge_of(rule.verdict, rule.reason).words);
  if (!live || !live->went_back || !live->to) return now;
  return now +
         (was_breached(report, rule, *live->to) ? " after the rollback; breached before it" : " after the rollback");
}

Row rule_row(const Report& report, const RuleView& rule) {
  const auto verdict = verdict_text(report, rule);
  const auto baseline = rule.baseline ? model::format_quantity(*rule.baseline, rule.unit) : "";
  const auto* series = series_of(report, rule);
  const auto found = series == nullptr ? Figures{} : figures_of(report.view, *series);
  if (found.points == 0)
    return {rule.slo, rule.objective, baseline, "", "", "", "", rule.value_text.value_or(""), verdict};
  return {rule.slo,
          rule.objective,
          found.baseline ? figure(found.baseline, *series) : baseline,
          worst_text(*series, found),
          figure(found.median, *series),
          figure(found.p95, *series),
          met_text(*series, found),
          rule.value_text.value_or(""),
          verdict};
}

std::string evidence_text(const Report& report, const RuleView& rule) {
  auto out = fmt::format("{}{}: {}", rule.slo, when_read(rule), or_none(rule.explanation));
  if (!model::is_measured(rule.kind)) return out;
  const auto* series = series_of(report, rule);
  const auto missing = series == nullptr ? "No figures: it never went live, so there is nothing to measure"
                                         : what_is_missing(report, *series);
  return missing.empty() ? out : fmt::format("{}. {}", out, missing);
}

std::vector<story::Link> links_of_rule(const Report& report, const std::string& slo) {
  const auto it = std::ranges::find(report.view.rules, slo, &RuleView::slo);
  return it == report.view.rules.end() ? std::vector<story::Link>() : story::links_of(*it, report.view, report.outside);
}

std::string described(const SeriesView& series, const Figures& figures) {
  return fmt::format("Objective {}; worst {}, median {}, 95th percentile {}, objective met at {}.", series.objective,
                     worst_text(series, figures), figure(figures.median, series), figure(figures.p95, series),
                     met_text(series, figures));
}

std::string decided_by(const model::Decision& decision) {
  return decision.actor.empty() ? "the guard" : decision.actor;
}

std::string decision_facts(const model::Decision& decision) {
  std::vector<std::string> parts{time_text(decision.at)};
  parts.push_back("by " + decided_by(decision));
  if (!decision.slo.empty()) parts.push_back("objective " + decision.slo);
  if (decision.brake != model::Brake::none) parts.push_back("held by " + in_words(decision.brake));
  if (!decision.hook.empty()) parts.push_back("hook " + decision.hook);
  if (decision.next_attempt_at) parts.push_back("next call " + time_text(*decision.next_attempt_at));
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string decision_text(const model::Decision& decision) {
  const auto call =
      decision.state == model::CallState::none ? "" : fmt::format(" ({})", badge_of(decision.state).words);
  return fmt::format("Decision {}: {}{}: {} · {}", decision.number, badge_of(decision.kind).words, call,
                     decision.reason, decision_facts(decision));
}

std::string attempt_text(const model::Attempt& attempt) {
  const bool running = attempt.result == model::AttemptResult::running;
  const auto time = running            ? ", since " + time_text(attempt.started_at)
                    : attempt.duration ? ", " + time_taken_text(*attempt.duration)
                                       : "";
  return fmt::format("Call {}{}{}", attempt.number, time, attempt.detail.empty() ? "" : ": " + attempt.detail);
}

std::string left_out_text(const Report& report) {
  if (!report.timeline_before) return "";
  return fmt::format("Only the newest {} entries are shown; the API gives the older ones too.", report.timeline.size());
}

std::string event_text(const model::TimelineEvent& event) {
  return fmt::format("{} {}: {}", time_text(event.at), event_word(to_string(model::kind_of(event.what))),
                     event.message);
}

}  // namespace guard::report
