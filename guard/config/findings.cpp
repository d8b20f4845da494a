// SPDX-License-Identifier: Apache-2.0
#include "guard/config/findings.hpp"

#include "guard/base/json_out.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::config {
namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::size_t count_of(const Findings& found, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(found.diagnostics.items, severity, &Diagnostic::severity));
}

json::object to_json(const Diagnostic& item) {
  return {{"severity", to_string(item.severity)},
          {"path", item.path},
          {"line", item.line},
          {"column", item.column},
          {"rule", item.rule},
          {"name", model::info_of(item.finding).name},
          {"message", item.message},
          {"fix", item.fix}};
}

}  // namespace

void add(Findings& to, const Diagnostics& diagnostics, const std::vector<model::RuleGroupPtr>& groups) {
  to.diagnostics.items.insert(to.diagnostics.items.end(), diagnostics.items.begin(), diagnostics.items.end());
  to.groups += groups.size();
  for (const auto& group : groups) to.rules += group->rules.size();
}

bool asks_prometheus(const std::vector<model::RuleGroupPtr>& groups) {
  return std::ranges::any_of(groups, [](const auto& group) {
    return group->serves || !group->detect.empty() ||
           std::ranges::any_of(group->rules, &model::is_measured, &model::Rule::kind);
  });
}

std::string summary_of(const Findings& found) {
  const auto warnings = count_of(found, Severity::warning);
  const auto also = warnings == 0 ? "" : ", " + counted(warnings, "warning");
  if (!found.complete) return counted(count_of(found, Severity::error), "error") + also;
  const auto hooks = found.hooks ? ", " + counted(*found.hooks, "hook") : "";
  return fmt::format("ok: {}, {}{}{}", counted(found.groups, "group"), counted(found.rules, "rule"), hooks, also);
}

std::vector<std::string> found_by_server() {
  std::vector<std::string> out;
  for (const auto& info : model::all_findings())
    if (info.found_by == model::FoundBy::server && info.finding != model::Finding::no_prometheus)
      out.emplace_back(info.name);
  return out;
}

json::object to_json(const Findings& found) {
  json::array items;
  for (const auto& item : found.diagnostics.items) items.push_back(to_json(item));
  json::object answer{{"ok", found.complete}, {"summary", summary_of(found)}, {"diagnostics", std::move(items)}};
  if (!found.silence.empty()) answer["not_parsed"] = found.silence;
  if (!found.silence.empty()) answer["not_looked_for"] = json_list(found_by_server());
  if (!found.not_looked_at.empty()) answer["not_looked_at"] = json_list(found.not_looked_at);
  return answer;
}

}  // namespace guard::config
