// SPDX-License-Identifier: Apache-2.0
#include "guard/report/period.hpp"

#include "guard/base/json_out.hpp"
#include "guard/base/time_text.hpp"
#include "guard/report/after.hpp"
#include "guard/report/chapters.hpp"
#include "guard/report/report_json.hpp"
#include "guard/report/style.hpp"
#include "guard/report/words.hpp"
#include "guard/story/json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::report {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

void drop_empty(Facts& facts) {
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
}

std::string title_of(const Period& period) {
  const auto& [service, environment] = period.places;
  const auto of = service ? " of " + *service : "";
  const auto in = environment ? " in " + *environment : "";
  return fmt::format("Releases{}{} in {}", of, in, short_duration(period.delivery.to - period.delivery.from));
}

std::string in_force_text(const story::InForce& in_force) {
  std::string out = in_force.kill_switch ? "the kill switch is on: nothing is rolled back automatically" : "";
  for (const auto& freeze : in_force.freezes)
    out += fmt::format("{}releases are frozen until {}: {}", out.empty() ? "" : "; ", time_text(freeze.until),
                       freeze.reason);
  return out;
}

Chapter summary(const Period& period) {
  Chapter out;
  const auto& delivery = period.delivery;
  const auto& all = delivery.all;
  out.facts = {{"From", time_text(delivery.from)},
               {"To", time_text(delivery.to)},
               {"Deployments", story::frequency_text(all, delivery)},
               {"Change-failure rate", story::failure_text(all)},
               {"Time to detect", story::detect_text(all)},
               {"Time to restore", story::restore_text(all)},
               {"In force now", in_force_text(period.in_force)}};
  drop_empty(out.facts);
  for (const auto& note : delivery.notes) out.lines.push_back(note);
  if (period.left_out > 0)
    out.lines.push_back(
        fmt::format("{} older releases are left out: ask for a shorter time, or for one service", period.left_out));
  return out;
}

Chapter overview(const Period& period) {
  Chapter out;
  out.title = "Releases";
  if (period.releases.empty()) {
    out.words = "No release in this time.";
    return out;
  }
  out.head = {"Release", "Outcome", "Live", "Noticed", "Restored", "Decided by"};
  for (const auto& report : period.releases) {
    const auto& view = report.view;
    const auto* cause = model::cause_of(view.decisions);
    const auto& failure = report.failure;
    out.rows.push_back(
        {fmt::format("{} {} in {}", view.spec.service, view.spec.version, view.spec.environment),
         std::string(badge_of(view.phase).words), view.live_at ? time_text(*view.live_at) : "never",
         failure ? "after " + short_duration(std::max(Duration{0}, failure->detected_at - failure->live_at)) : "",
         !failure ? ""
         : failure->restored_at
             ? "after " + short_duration(std::max(Duration{0}, *failure->restored_at - failure->detected_at))
             : "not seen",
         cause != nullptr         ? decided_by(*cause)
         : view.decisions.empty() ? ""
                                  : decided_by(view.decisions.back())});
  }
  return out;
}

Chapter head_of(const Report& report) {
  const auto& view = report.view;
  Chapter out;
  out.title = fmt::format("{} {} in {}", view.spec.service, view.spec.version, view.spec.environment);
  out.badge = badge_of(view.phase);
  out.facts = facts(view);
  out.facts.emplace_back("Noticed", detection_text(report));
  out.facts.emplace_back("Restored", restoration_text(report));
  std::erase_if(out.facts, [](const auto& fact) { return fact.first == "Labels" || fact.first == "Next"; });
  for (const auto& [name, url] : story::links_of(view, report.outside)) out.facts.emplace_back(name, url);
  drop_empty(out.facts);
  return out;
}

Chapter objectives_of(const Report& report) {
  Chapter out;
  out.inner = true;
  out.title = "Objectives while it was live";
  out.head.assign(rule_head.begin(), rule_head.end());
  for (const auto& rule : report.view.rules) {
    const auto row = rule_row(report, rule);
    out.rows.emplace_back(row.begin(), row.end());
    out.lines.push_back(evidence_text(report, rule));
  }
  return out;
}

Chapter alerts_of(const Report& report) {
  Chapter out;
  out.inner = true;
  out.title = "Alerts";
  for (const auto& event : alert_events(report)) out.lines.push_back(event_text(event));
  if (out.lines.empty()) out.words = "No alert that a rule reads fired.";
  return out;
}

Chapter decisions_of(const Report& report) {
  Chapter out;
  out.inner = true;
  out.title = "Who decided";
  for (const auto& decision : report.view.decisions) {
    out.lines.push_back(decision_text(decision));
    for (const auto& attempt : decision.attempts)
      out.lines.push_back(
          fmt::format("hook {}: {}: {}", decision.hook, attempt_text(attempt), badge_of(attempt.result).words));
  }
  if (out.lines.empty()) out.words = "Nothing has been decided yet.";
  return out;
}

Chapter questions_of(const Report& report) {
  Chapter out;
  out.inner = true;
  out.title = "Open questions";
  out.lines = open_questions(report);
  if (out.lines.empty()) out.words = "None that the guard knows of.";
  return out;
}

Chapter tasks_of(const Period& period) {
  Chapter out;
  out.title = "Within 24 hours of each release";
  out.words = "What is ticked, this report answers; the rest is for people.";
  out.tasks = tasks_after(period.releases);
  return out;
}

Chapters chapters_of(const Period& period) {
  Chapters out;
  out.title = title_of(period);
  out.all = {summary(period), overview(period)};
  if (!period.releases.empty()) out.all.push_back(tasks_of(period));
  for (const auto& report : period.releases)
    for (auto&& chapter :
         {head_of(report), objectives_of(report), alerts_of(report), decisions_of(report), questions_of(report)})
      out.all.push_back(chapter);
  return out;
}

json::object json_period(const Period& period) {
  json::array releases;
  for (const auto& report : period.releases) releases.emplace_back(json_report(report));
  json::object out{{"service", json_text(period.places.service.value_or(""))},
                   {"environment", json_text(period.places.environment.value_or(""))},
                   {"figures", story::to_json(period.delivery)},
                   {"in_force", story::to_json(period.in_force)},
                   {"tasks", json_tasks(tasks_after(period.releases))},
                   {"left_out", period.left_out},
                   {"releases", std::move(releases)}};
  return out;
}

}  // namespace

bool belongs_to(const story::ReleaseView& view, WallTime from) {
  const auto since = [from](std::optional<WallTime> at) { return at && *at >= from; };
  return !view.final || view.needs_person || since(view.announced_at) || since(view.live_at) || since(view.ended_at) ||
         std::ranges::any_of(view.decisions, [&](const auto& decision) { return since(decision.at); });
}

Document written(const Period& period, PeriodFormat format) {
  switch (format) {
    case PeriodFormat::text:
      return {as_text(chapters_of(period)), "text/plain; charset=utf-8", ""};
    case PeriodFormat::md:
      return {as_markdown(chapters_of(period)), "text/markdown; charset=utf-8", ""};
    case PeriodFormat::html:
      return {as_page(chapters_of(period)), "text/html; charset=utf-8", std::string(html_policy)};
    case PeriodFormat::json:
      return {json::serialize(json_period(period)) + "\n", "application/json", ""};
  }
  return {};
}

}  // namespace guard::report
