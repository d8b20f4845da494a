// SPDX-License-Identifier: Apache-2.0
#include "guard/api/status_json.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/questions.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

namespace guard::api {
namespace {

using model::Outcome;
using model::Verdict;

// How one watched release stands by one rule.
struct Standing {
  const story::ReleaseView* release = nullptr;
  const story::RuleView* rule = nullptr;
};
using Standings = std::vector<Standing>;

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Prometheus' word for a verdict.
std::string_view state_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::breached:
      return "firing";
    case Verdict::pending:
      return "pending";
    case Verdict::ok:
    case Verdict::unknown:
      return "inactive";
  }
  return "inactive";
}

std::string_view worst_state(const Standings& standings) {
  std::string_view worst = "inactive";
  for (const auto& [release, rule] : standings) {
    const auto state = state_of(rule->verdict);
    if (state == "firing" || worst == "inactive") worst = state;
  }
  return worst;
}

// Whether it was read, and what was wrong with that: an answer without data is no answer.
void add_health(json::object& out, const Standings& standings) {
  std::optional<WallTime> read_at;
  const story::RuleView* unread = nullptr;
  for (const auto& [release, rule] : standings) {
    if (!rule->outcome) continue;
    if (rule->read_at) read_at = std::max(read_at.value_or(*rule->read_at), *rule->read_at);
    if (*rule->outcome == Outcome::error || *rule->outcome == Outcome::no_data) unread = rule;
  }
  out["health"] = unread != nullptr ? "err" : read_at ? "ok" : "unknown";
  if (unread != nullptr) out["lastError"] = unread->explanation;
  if (read_at) out["lastEvaluation"] = format_time(*read_at);
}

json::object texts(const std::map<std::string, std::string>& all) {
  json::object out;
  for (const auto& [name, text] : all) out[name] = text;
  return out;
}

json::object alert(const Standing& standing) {
  const auto& spec = standing.release->spec;
  const auto& rule = *standing.rule;
  return {{"labels",
           {{"alertname", rule.slo},
            {"service", spec.service},
            {"environment", spec.environment},
            {"version", spec.version},
            {"release", spec.id}}},
          {"annotations", texts(rule.annotations)},
          {"state", state_of(rule.verdict)},
          {"activeAt", format_time(rule.since)},
          {"value", rule.value ? fmt::format("{}", *rule.value) : ""}};
}

json::array alerts(const Standings& standings) {
  json::array out;
  for (const auto& standing : standings)
    if (state_of(standing.rule->verdict) != "inactive") out.push_back(alert(standing));
  return out;
}

json::object rule_json(const model::Rule& rule, const Standings& standings, bool with_alerts) {
  json::object annotations{{"objective", model::objective_text(rule)}};
  for (const auto& [name, text] : rule.annotations) annotations[name] = text.source();
  json::object out{{"state", worst_state(standings)},
                   {"name", rule.slo},
                   {"query", core::written_query(rule)},
                   {"duration", seconds(rule.breach.sustained)},
                   {"labels", {{"action", to_string(rule.action)}, {"kind", to_string(rule.kind)}}},
                   {"annotations", std::move(annotations)},
                   {"alerts", with_alerts ? alerts(standings) : json::array()},
                   {"type", "alerting"}};
  add_health(out, standings);
  return out;
}

// By rule group and rule.
std::map<std::pair<std::string, std::string>, Standings> standings_of(const std::vector<story::ReleaseView>& watched) {
  std::map<std::pair<std::string, std::string>, Standings> out;
  for (const auto& release : watched)
    for (const auto& rule : release.rules) out[{release.group, rule.slo}].push_back({&release, &rule});
  return out;
}

bool is_asked_for(const std::vector<std::string>& wanted, const std::string& name) {
  return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
}

}  // namespace

json::object success(json::value data) {
  return {{"status", "success"}, {"data", std::move(data)}};
}

json::object build_info(const Program& program) {
  json::object out{{"version", program.build.version}};
  if (!program.build.revision.empty()) out["revision"] = program.build.revision;
  if (!program.build.date.empty()) out["buildDate"] = program.build.date;
  out["compiler"] = program.build.compiler;
  return out;
}

json::object flags(const Program& program) {
  return texts(program.flags);
}

json::object runtime_info(const Program& program, const engine::Health& health, WallTime now) {
  json::object out{{"startTime", format_time(program.started)},
                   {"CWD", program.folder.string()},
                   {"hostname", program.host},
                   {"serverTime", format_time(now)},
                   {"reloadConfigSuccess", !health.reload_failed}};
  if (health.configured_at) out["lastConfigTime"] = format_time(*health.configured_at);
  if (const auto retention = program.flags.find("storage.retention"); retention != program.flags.end())
    out["storageRetention"] = retention->second;
  return out;
}

json::object rule_groups(const config::Settings& settings, const std::vector<story::ReleaseView>& watched,
                         const RuleFilter& filter) {
  const auto standings = standings_of(watched);
  static const Standings none;
  json::array groups;
  for (const auto& group : settings.groups) {
    if (!is_asked_for(filter.groups, group->name) || !is_asked_for(filter.files, group->file)) continue;
    json::array rules;
    for (const auto& rule : group->rules) {
      if (!is_asked_for(filter.names, rule.slo)) continue;
      const auto found = standings.find({group->name, rule.slo});
      rules.push_back(rule_json(rule, found == standings.end() ? none : found->second, filter.alerts));
    }
    if (!rules.empty())
      groups.push_back(json::object{{"name", group->name},
                                    {"file", group->file},
                                    {"interval", seconds(group->interval)},
                                    {"rules", std::move(rules)}});
  }
  return {{"groups", std::move(groups)}};
}

}  // namespace guard::api
