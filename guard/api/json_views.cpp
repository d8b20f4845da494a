// SPDX-License-Identifier: Apache-2.0
#include "guard/api/json_views.hpp"

#include "guard/api/nearest.hpp"
#include "guard/base/duration.hpp"
#include "guard/core/phase_machine.hpp"
#include "guard/engine/guard_service.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::api {
namespace {

json::value time(std::optional<WallTime> at) {
  return at && *at != WallTime{} ? json::value(format_time(*at)) : json::value(nullptr);
}

// JSON has no NaN or infinity; Prometheus writes them as strings, and so do we.
json::value number(std::optional<double> value) {
  if (!value) return nullptr;
  if (std::isnan(*value)) return "NaN";
  if (std::isinf(*value)) return *value > 0 ? "+Inf" : "-Inf";
  return *value;
}

double seconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1000;
}

json::object map(const std::map<std::string, std::string>& entries) {
  json::object out;
  for (const auto& [name, value] : entries) out[name] = value;
  return out;
}

json::array names(const std::vector<std::string>& all) {
  json::array out;
  for (const auto& name : all) out.emplace_back(name);
  return out;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array to_json(const std::vector<Link>& links) {
  json::array out;
  for (const auto& link : links) out.push_back(json::object{{"name", link.name}, {"url", link.url}});
  return out;
}

json::object to_json(const story::RuleView& rule) {
  return {{"slo", rule.slo},
          {"kind", to_string(rule.kind)},
          {"action", to_string(rule.action)},
          {"query", rule.query},
          {"condition", rule.condition.empty() ? json::value(nullptr) : json::value(rule.condition)},
          {"objective", rule.objective},
          {"unit", to_string(rule.unit)},
          {"value", number(rule.value)},
          {"value_text", text_or_null(value_text(rule))},
          {"bound", number(rule.bound)},
          {"baseline", number(rule.baseline)},
          {"outcome", rule.outcome ? json::value(to_string(*rule.outcome)) : json::value(nullptr)},
          {"reading_reason", to_string(rule.reading_reason)},
          {"read_at", time(rule.read_at)},
          {"unread_since", time(rule.unread_since)},
          {"verdict", to_string(rule.verdict)},
          {"reason", to_string(rule.reason)},
          {"since", time(rule.since)},
          {"why", rule.why},
          {"explanation", rule.explanation},
          {"annotations", map(rule.annotations)}};
}

json::object to_json(const model::Attempt& attempt) {
  return {{"number", attempt.number},
          {"result", to_string(attempt.result)},
          {"detail", attempt.detail},
          {"output", attempt.output},
          {"started_at", time(attempt.started_at)},
          {"duration_seconds", attempt.duration ? json::value(seconds(*attempt.duration)) : json::value(nullptr)}};
}

json::object to_json(const story::NextStep& step) {
  return {{"what", step.what}, {"at", time(step.at)}};
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
          {"at", time(decision.at)},
          {"detected_at", time(decision.detected_at)},
          {"hook", decision.hook},
          {"key", decision.key},
          {"state", to_string(decision.state)},
          {"attempts", list(decision.attempts)},
          {"next_attempt_at", time(decision.next_attempt_at)},
          {"finished_at", time(decision.finished_at)}};
}

json::object signals(const std::map<std::string, model::Signal>& entries) {
  json::object out;
  for (const auto& [name, signal] : entries)
    out[name] = json::object{
        {"status", signal.succeeded ? "succeeded" : "failed"}, {"detail", signal.detail}, {"at", time(signal.at)}};
  return out;
}

// What a person may order now, as far as the phase decides; brakes and newer releases may still refuse it.
json::array verbs(const story::ReleaseView& view) {
  using core::Event;
  json::array out;
  const auto offer = [&](engine::Verb verb, Event event, bool sensible) {
    if (sensible && core::next_phase(view.phase, event)) out.emplace_back(to_string(verb));
  };
  const bool can_go_back = !view.hook.empty() && !view.spec.previous_version.empty();
  offer(engine::Verb::approve, Event::approve, can_go_back);
  offer(engine::Verb::pause, Event::pause, !view.paused);
  offer(engine::Verb::resume, Event::resume, view.paused);
  offer(engine::Verb::abort, Event::abort, true);
  offer(engine::Verb::rollback, Event::order_rollback, can_go_back);
  return out;
}

// What a list shows of all the evidence.
json::value nearest(const story::ReleaseView& view) {
  const auto* rule = nearest_to_bound(view);
  if (rule == nullptr) return nullptr;
  return json::object{{"slo", rule->slo},
                      {"objective", rule->objective},
                      {"value_text", value_text(*rule)},
                      {"verdict", to_string(rule->verdict)},
                      {"reason", to_string(rule->reason)}};
}

// Who gave the last word, where that was a person or a pipeline.
std::string decided_by(const story::ReleaseView& view) {
  const auto it = std::find_if(view.decisions.rbegin(), view.decisions.rend(),
                               [](const model::Decision& decision) { return !decision.actor.empty(); });
  return it == view.decisions.rend() ? "" : it->actor;
}

void add_times(json::object& out, const story::ReleaseView& view) {
  out["announced_at"] = time(view.announced_at);
  out["live_at"] = time(view.live_at);
  out["settle_end"] = time(view.settle_end);
  out["window_end"] = time(view.window_end);
  out["verify_end"] = time(view.verify_end);
  out["held_again_at"] = time(view.held_again_at);
  out["broken_again_at"] = time(view.broken_again_at);
  out["ended_at"] = time(view.ended_at);
}

}  // namespace

std::string value_text(const story::RuleView& rule) {
  if (!rule.value) return "";
  switch (rule.kind) {
    case model::RuleKind::expr:
      return model::format_quantity(*rule.value, rule.unit);
    case model::RuleKind::alerts:
      return rule.alerts.empty() ? "none firing" : fmt::format("{}", fmt::join(rule.alerts, ", "));
    case model::RuleKind::signal:
      return *rule.value > 0 ? "succeeded" : "failed";
  }
  return "";
}

json::object summary_json(const story::ReleaseView& view) {
  json::object out{{"id", view.spec.id},
                   {"service", view.spec.service},
                   {"environment", view.spec.environment},
                   {"version", view.spec.version},
                   {"previous_version", view.spec.previous_version},
                   {"kind", to_string(view.spec.kind)},
                   {"labels", map(view.spec.labels)},
                   {"phase", to_string(view.phase)},
                   {"phase_since", time(view.phase_since)},
                   {"reason", view.reason},
                   {"final", model::is_final(view.phase)},
                   {"paused", view.paused},
                   {"is_rollback", view.is_rollback},
                   {"breach_decided", view.breach_decided},
                   {"group", view.group},
                   {"mode", to_string(view.mode)},
                   {"hook", view.hook},
                   {"needs_person", view.needs_person},
                   {"broke", names(view.broke)},
                   {"nearest", nearest(view)},
                   {"decided_by", decided_by(view)},
                   {"verbs", verbs(view)},
                   {"next", list(view.next)}};
  add_times(out, view);
  return out;
}

json::object to_json(const story::ReleaseView& view, const Outside& outside) {
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

json::object to_json(const engine::InForce& in_force) {
  json::array freezes;
  for (const auto& freeze : in_force.freezes)
    freezes.push_back(json::object{{"until", time(freeze.until)}, {"reason", freeze.reason}});
  return {{"kill_switch", in_force.kill_switch}, {"freezes", std::move(freezes)}};
}

json::array to_json(const std::vector<store::TimelineEvent>& timeline) {
  json::array out;
  for (const auto& event : timeline)
    out.push_back(json::object{
        {"at", time(event.at)}, {"kind", to_string(model::kind_of(event.what))}, {"message", event.message}});
  return out;
}

void add_timeline(json::object& release, const store::TimelinePage& page) {
  release["timeline"] = to_json(page.events);
  release["timeline_before"] = page.before ? json::value(*page.before) : json::value(nullptr);
}

json::object to_json(const story::SeriesView& series) {
  json::array values;
  json::array bounds;
  json::array baselines;
  for (const auto& point : series.points) {
    values.push_back(number(point.value));
    bounds.push_back(number(point.bound));
    baselines.push_back(number(point.baseline));
  }
  return {{"release", series.release},
          {"slo", series.slo},
          {"objective", series.objective},
          {"comparison", to_string(series.comparison)},
          {"unit", to_string(series.unit)},
          {"from", time(series.from)},
          {"step_seconds", seconds(series.step)},
          {"values", std::move(values)},
          {"bounds", std::move(bounds)},
          {"baselines", std::move(baselines)},
          {"problem", series.problem}};
}

json::object to_json(const story::SeriesView& series, const Figures& figures) {
  return {{"slo", series.slo},
          {"objective", series.objective},
          {"unit", to_string(series.unit)},
          {"points", figures.points},
          {"worst", number(figures.worst)},
          {"worst_at", time(figures.worst_at)},
          {"median", number(figures.median)},
          {"p95", number(figures.p95)},
          {"met_share", number(figures.met_share)},
          {"bound", number(figures.bound)},
          {"baseline", number(figures.baseline)},
          {"problem", series.problem}};
}

Response json_response(int status, const json::value& value) {
  Response response;
  response.status = status;
  response.body = json::serialize(value) + "\n";
  return response;
}

}  // namespace guard::api
