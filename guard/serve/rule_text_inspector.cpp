// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/rule_text_inspector.hpp"

#include "guard/config/load.hpp"
#include "guard/config/rule_at.hpp"
#include "guard/serve/live_runtime.hpp"
#include "guard/serve/stand_in.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::serve {
namespace {

struct Found {
  model::RuleGroupPtr group;
  std::size_t rule = 0;
};

Result<Found> find_rule(const engine::RuleText& text, int line) {
  const auto loaded = config::load_rule_text(text.text, text.file);
  if (!loaded.value) return fail(ErrorCode::invalid, "the text has errors; the chart needs one without");
  const auto here = config::rule_at(text.text, line);
  for (const auto& group : loaded.value->groups) {
    if (!here || group->name != here->group) continue;
    const auto rule = std::ranges::find(group->rules, here->slo, &model::Rule::slo);
    if (rule != group->rules.end()) return Found{group, static_cast<std::size_t>(rule - group->rules.begin())};
  }
  return fail(ErrorCode::invalid, fmt::format("no rule stands on line {}", line));
}

// True where every release of the group is asked about alike.
bool is_known(const model::Rule& rule, const model::RuleGroup& group) {
  std::vector<const promql::TextTemplate*> texts;
  if (rule.expr) texts.push_back(&*rule.expr);
  if (rule.share) texts.push_back(&*rule.share->total);
  if (rule.share && rule.share->part) texts.push_back(&*rule.share->part);
  if (rule.only_if) texts.push_back(&*rule.only_if);
  return std::ranges::all_of(texts, [&](const auto* text) { return known_text(group, *text).has_value(); });
}

}  // namespace

config::Findings check_rules(const engine::RuleText& text, const engine::Runtime& runtime, const QuestionTime& time) {
  config::Findings found;
  auto loaded = config::load_rule_text(text.text, text.file);
  const auto groups = loaded.value ? loaded.value->groups : std::vector<model::RuleGroupPtr>{};
  config::add(found, loaded.diagnostics, groups);
  found.complete = loaded.value.has_value();
  if (!loaded.value) return found;
  if (!runtime.prometheus) {
    if (config::asks_prometheus(groups)) found.silence = "no Prometheus is configured";
    return found;
  }
  loaded.value->prometheus = runtime.settings->prometheus;
  engine::Runtime with_text;
  with_text.settings = std::make_shared<const config::Settings>(std::move(*loaded.value));
  with_text.prometheus = runtime.prometheus;
  add(found, look_at(with_text, time));
  return found;
}

Result<story::SeriesPlan> plan_rule(const engine::RuleText& text, int line, WallTime now) {
  const auto found = find_rule(text, line);
  if (!found) return std::unexpected(found.error());
  const auto& rule = found->group->rules[found->rule];
  if (model::is_measured(rule.kind) && !is_known(rule, *found->group))
    return fail(
        ErrorCode::invalid,
        fmt::format("only a release can fill in the expression of {}, so there is no last day of it", rule.slo));
  return story::plan_day({found->group, found->rule}, stand_in(*found->group, "value"), now);
}

}  // namespace guard::serve
