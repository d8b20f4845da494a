// SPDX-License-Identifier: Apache-2.0
#include "guard/story/json.hpp"

#include "guard/base/json_out.hpp"
#include "guard/story/nearest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::story {
namespace {

json::array to_json(const std::vector<Link>& links) {
  json::array out;
  for (const auto& link : links) out.push_back(json::object{{"name", link.name}, {"url", link.url}});
  return out;
}

json::object to_json(const RuleView& rule) {
  return {{"slo", rule.slo},
          {"kind", to_string(rule.kind)},
          {"action", to_string(rule.action)},
          {"query", rule.query},
          {"condition", rule.condition.empty() ? json::value(nullptr) : json::value(rule.condition)},
          {"objective", rule.objective},
          {"unit", to_string(rule.unit)},
          {"value", json_number(rule.value)},
          {"value_text", json_text(value_text(rule))},
          {"bound", json_number(rule.bound)},
          {"baseline", json_number(rule.baseline)},
          {"outcome", rule.outcome ? json::value(to_string(*rule.outcome)) : json::value(nullptr)},
          {"reading_reason", to_string(rule.reading_reason)},
          {"read_at", json_time(rule.read_at)},
          {"unread_since", json_time(rule.unread_since)},
          {"verdict", to_string(rule.verdict)},
          {"reason", to_string(rule.reason)},
          {"since", json_time(rule.since)},
          {"why", rule.why},
          {"explanation", rule.explanation},
          {"annotations", json_map(rule.annotations)}};
}

json::object to_json(const model::Attempt& attempt) {
  return {{"number", attempt.number},
          {"result", to_string(attempt.result)},
          {"detail", attempt.detail},
          {"output", attempt.output},
          {"started_at", json_time(attempt.started_at)},
          {"duration_seconds", attempt.duration ? json::value(json_seconds(*attempt.duration)) : json::value(nullptr)}};
}

json::object to_json(const NextStep& step) {
  return {{"what", step.what}, {"at", json_time(step.at)}};
}

json::object to_json(const model::Decision& decision);

template <class T>
json::array list(const std::vector<T>& items) {
  json::array out;
  for (const auto& item : items) out.push_back(to_json(item));
  return out;
}

json::object to_json(const model::Decision& decision) {
  return {{"number", decision.number},
          {"kind", to_string(decision.kind)},
          {"trigger", to_string(decision.trigger)},
          {"brake", to_string(decision.brake)},
          {"slo", decision.slo},
          {"reason", decision.reason},
          {"actor", decision.actor},
          {"at", json_time(decision.at)},
          {"detected_at", json_time(decision.detected_at)},
          {"hook", decision.hook},
          {"key", decision.key},
          {"state", to_string(decision.state)},
          {"attempts", list(decision.attempts)},
          {"next_attempt_at", json_time(decision.next_attempt_at)},
          {"finished_at", json_time(decision.finished_at)}};
}

json::object signals(const std::map<std::string, model::Signal>& entries) {
  json::object out;
  for (const auto& [name, signal] : entries)
    out[name] = json::object{
        {"status", signal.succeeded ? "succeeded" : "failed"}, {"detail", signal.detail}, {"at", json_time(signal.at)}};
  return out;
}

json::array verbs(const ReleaseView& view) {
  json::array out;
  for (const auto verb : view.verbs) out.emplace_back(to_string(verb));
  return out;
}

// What a list shows of all the evidence.
json::value nearest(const ReleaseView& view) {
  const auto* rule = nearest_to_bound(view);
  if (rule == nullptr) return nullptr;
  return json::object{{"slo", rule->slo},
                      {"objective", rule->objective},
                      {"value_text", value_text(*rule)},
                      {"verdict", to_string(rule->verdict)},
                      {"reason", to_string(rule->reason)}};
}

// Who gave the last word, where that was a person or a pipeline.
std::string decided_by(const ReleaseView& view) {
  const auto it = std::find_if(view.decisions.rbegin(), view.decisions.rend(),
                               [](const model::Decision& decision) { return !decision.actor.empty(); });
  return it == view.decisions.rend() ? "" : it->actor;
}

void add_times(json::object& out, const ReleaseView& view) {
  out["announced_at"] = json_time(view.announced_at);
  out["live_at"] = json_time(view.live_at);
  out["settle_end"] = json_time(view.settle_end);
  out["window_end"] = json_time(view.window_end);
  out["verify_end"] = json_time(view.verify_end);
  out["held_again_at"] = json_time(view.held_again_at);
  out["broken_again_at"] = json_time(view.broken_again_at);
  out["ended_at"] = json_time(view.ended_at);
}

}  // namespace

std::string value_text(const RuleView& rule) {
  if (!rule.value) return "";
  switch (rule.kind) {
    case model::RuleKind::expr:
    case model::RuleKind::share:
      return model::format_quantity(*rule.value, rule.unit);
    case model::RuleKind::alerts:
      return rule.alerts.empty() ? "none firing" : fmt::format("{}", fmt::join(rule.alerts, ", "));
    case model::RuleKind::signal:
      return *rule.value > 0 ? "succeeded" : "failed";
  }
  return "";
}

json::object summary_json(const ReleaseView& view) {
  json::object out{{"id", view.spec.id},
                   {"service", view.spec.service},
                   {"environment", view.spec.environment},
                   {"version", view.spec.version},
                   {"previous_version", view.spec.previous_version},
                   {"kind", to_string(view.spec.kind)},
                   {"labels", json_map(view.spec.labels)},
                   {"phase", to_string(view.phase)},
                   {"phase_since", json_time(view.phase_since)},
                   {"reason", view.reason},
                   {"final", model::is_final(view.phase)},
                   {"paused", view.paused},
                   {"is_rollback", view.is_rollback},
                   {"breach_decided", view.breach_decided},
                   {"group", view.group},
                   {"mode", to_string(view.mode)},
                   {"hook", view.hook},
                   {"needs_person", view.needs_person},
                   {"broke", json_list(view.broke)},
                   {"nearest", nearest(view)},
                   {"decided_by", decided_by(view)},
                   {"verbs", verbs(view)},
                   {"next", list(view.next)}};
  add_times(out, view);
  return out;
}

json::object to_json(const ReleaseView& view, const Outside& outside) {
  auto out = summary_json(view);
  out["links"] = to_json(links_of(view, outside));
  json::array rules;
  for (const auto& rule : view.rules) {
    rules.push_back(to_json(rule));
    rules.back().get_object()["links"] = to_json(links_of(rule, view, outside));
  }
  out["rules"] = std::move(rules);
  out["signals"] = signals(view.signals);
  out["decisions"] = list(view.decisions);
  return out;
}

json::array to_json(const std::vector<model::TimelineEvent>& timeline) {
  json::array out;
  for (const auto& event : timeline)
    out.push_back(json::object{
        {"at", json_time(event.at)}, {"kind", to_string(model::kind_of(event.what))}, {"message", event.message}});
  return out;
}

json::object to_json(const SeriesView& series) {
  json::array values;
  json::array bounds;
  json::array baselines;
  for (const auto& point : series.points) {
    values.push_back(json_number(point.value));
    bounds.push_back(json_number(point.bound));
    baselines.push_back(json_number(point.baseline));
  }
  return {{"release", series.release},
          {"slo", series.slo},
          {"objective", series.objective},
          {"comparison", to_string(series.comparison)},
          {"unit", to_string(series.unit)},
          {"from", json_time(series.from)},
          {"step_seconds", json_seconds(series.step)},
          {"values", std::move(values)},
          {"bounds", std::move(bounds)},
          {"baselines", std::move(baselines)},
          {"problem", series.problem}};
}

}  // namespace guard::story
