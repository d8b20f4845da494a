// SPDX-License-Identifier: Apache-2.0
#include "guard/story/json.hpp"

#include "guard/core/gate.hpp"
#include "guard/story/view_writer.hpp"

namespace guard::story {
namespace {

json::array to_json(const std::vector<Link>& links) {
  json::array out;
  for (const auto& link : links) out.push_back(json::object{{"name", link.name}, {"url", link.url}});
  return out;
}

}  // namespace

json::object summary_json(const ReleaseView& view) {
  ViewWriter out;
  summary_fields(out, view);
  return out.take();
}

json::object to_json(const ReleaseView& view, const Outside& outside) {
  auto out = summary_json(view);
  out["links"] = to_json(links_of(view, outside));
  ViewWriter evidence;
  evidence_fields(evidence, view);
  for (auto& [name, value] : evidence.take()) out[name] = std::move(value);
  auto& rules = out["rules"].get_array();
  for (std::size_t i = 0; i < rules.size(); ++i)
    rules[i].get_object()["links"] = to_json(links_of(view.rules[i], view, outside));
  return out;
}

json::array to_json(const std::vector<model::TimelineEvent>& timeline) {
  json::array out;
  for (const auto& event : timeline)
    out.push_back(ViewWriter::object(EventView{event.at, model::kind_of(event.what), event.message}));
  return out;
}

void add_timeline(json::object& release, const std::vector<model::TimelineEvent>& events,
                  std::optional<std::int64_t> before) {
  TimelineView page{{}, before};
  for (const auto& event : events) page.timeline.push_back({event.at, model::kind_of(event.what), event.message});
  for (auto& [name, value] : ViewWriter::object(page)) release[name] = std::move(value);
}

json::object to_json(const PreflightView& preflight) {
  return ViewWriter::object(preflight);
}

json::object to_json(const InForce& in_force) {
  return ViewWriter::object(in_force);
}

json::object to_json(const model::Freeze& freeze, WallTime now) {
  FreezeView view{freeze.id,
                  std::string(to_string(freeze.origin)),
                  freeze.span.from,
                  freeze.span.until,
                  freeze.span.from <= now,
                  {},
                  {},
                  freeze.reason,
                  freeze.actor};
  for (const auto& matcher : freeze.match) view.match.push_back(matcher.to_string());
  for (const auto kind : freeze.allow) view.allow.emplace_back(to_string(kind));
  return ViewWriter::object(view);
}

json::array to_json(const std::vector<model::Freeze>& freezes, WallTime now) {
  json::array out;
  for (const auto& freeze : freezes) out.push_back(to_json(freeze, now));
  return out;
}

json::object to_json(const std::vector<model::Check>& checks, WallTime at) {
  GateView view{core::is_open(checks), {}, at};
  for (const auto& check : checks)
    view.checks.push_back({check.name, std::string(to_string(check.state)), check.seen, check.advice});
  return ViewWriter::object(view);
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
          {"problem", series.problem.value_or("")}};
}

}  // namespace guard::story
