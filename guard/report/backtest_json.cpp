// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json_out.hpp"
#include "guard/report/backtest.hpp"

namespace guard::report {
namespace {

json::object to_json(const replay::RuleCourse& course, const model::Rule& rule) {
  return {{"slo", rule.slo},
          {"objective", model::objective_text(rule)},
          {"readings", course.readings},
          {"breaches", course.breaches},
          {"no_data", course.no_data},
          {"errors", course.errors},
          {"first_error", json_text(course.first_error)},
          {"worst", json_number(course.worst)},
          {"bound", json_number(course.bound)},
          {"worst_at", json_time(course.worst_at)},
          {"progress", course.progress},
          {"breached_at", json_time(course.breached_at)}};
}

json::array conclusions(const replay::Course& course) {
  json::array out;
  for (const auto& [decision, rule] : course.conclusions)
    out.push_back(json::object{{"kind", to_string(decision.kind)},
                               {"slo", decision.slo},
                               {"at", json_time(decision.at)},
                               {"detected_at", json_time(decision.detected_at)},
                               {"brake", to_string(decision.brake)},
                               {"reason", decision.reason}});
  return out;
}

json::object verdict(const replay::Judged& judged) {
  json::object out{{"would_be", judged.group ? json::value(to_string(judged.course.ending)) : json::value()},
                   {"why", why(judged)},
                   {"group", judged.group ? json::value(judged.group->name) : json::value()},
                   {"recovered_at", json_time(judged.course.recovered_at)},
                   {"conclusions", conclusions(judged.course)}};
  json::array rules;
  for (std::size_t i = 0; judged.group && i < judged.course.rules.size(); ++i)
    rules.push_back(to_json(judged.course.rules[i], judged.group->rules[i]));
  out["rules"] = std::move(rules);
  return out;
}

json::object release(const Backtest& backtest, std::size_t index) {
  const auto& known = backtest.sides.front().judged[index].course.release;
  json::object out{{"service", known.spec.service},
                   {"environment", known.spec.environment},
                   {"version", known.spec.version},
                   {"previous_version", known.spec.previous_version},
                   {"live_at", json_time(known.spec.live_at)},
                   {"replaced_at", json_time(known.replaced_at)},
                   {"undone", known.undone},
                   {"found_by", known.found_by}};
  json::array sides;
  for (const auto& side : backtest.sides) sides.push_back(verdict(side.judged[index]));
  out["verdicts"] = std::move(sides);
  return out;
}

}  // namespace

json::object to_json(const Backtest& backtest) {
  json::array sides;
  for (const auto& side : backtest.sides)
    sides.push_back(json::object{{"rules", side.rules}, {"summary", summary_text(side)}});
  json::array releases;
  for (std::size_t i = 0; i < backtest.sides.front().judged.size(); ++i) releases.push_back(release(backtest, i));
  json::array notes;
  for (const auto& note : backtest.notes) notes.emplace_back(note);
  return {{"from", json_time(backtest.from)},
          {"to", json_time(backtest.to)},
          {"sides", std::move(sides)},
          {"notes", std::move(notes)},
          {"releases", std::move(releases)}};
}

}  // namespace guard::report
