// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/gate.hpp"

#include "guard/core/beginning.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/freezes.hpp"
#include "guard/core/person_needed.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/announcement.hpp"
#include "guard/engine/freeze_orders.hpp"
#include "guard/story/next_steps.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::GateFacts;
using model::RuleGroup;

bool is_told(const GateQuery& query, const std::string& label) {
  return label == "service" || label == "environment" || label == "kind" ||
         (label == "version" && !query.version.empty());
}

// The first group that matches by what was told; where it matches by more, nobody can tell.
void find_group(const GateQuery& query, const config::Settings& settings, GateFacts& facts) {
  const auto labels = model::labels_of(spec_of(query));
  for (const auto& group : settings.groups) {
    const auto by_more = [&](const model::Matcher& matcher) { return !is_told(query, matcher.name()); };
    const bool matches = std::ranges::all_of(
        group->match, [&](const auto& matcher) { return by_more(matcher) || matcher.matches(labels); });
    if (!matches) continue;
    facts.group_unknown = std::ranges::any_of(group->match, by_more);
    if (!facts.group_unknown) facts.group = group;
    return;
  }
  facts.group_problem = core::group_for(spec_of(query), settings.groups).error().message;
}

std::string and_call(const model::Contacts& contacts) {
  const auto text = model::contacts_text(contacts);
  return text.empty() ? "" : "; whom to call: " + text;
}

std::vector<core::Unfinished> unfinished(const core::FleetView& fleet, const model::Place& place, Instant now) {
  std::vector<core::Unfinished> out;
  for (const auto* watch : fleet.at(place)) {
    const auto& id = watch->spec.id;
    if (watch->open_rollback() != nullptr)
      out.push_back({id, "its rollback is under way",
                     fmt::format("wait for its end: release-guard release status {} --wait", id)});
    else if (const auto needed = core::person_needed(*watch, now))
      out.push_back({id, "a person is needed: " + story::words_of(*needed, *watch, now),
                     fmt::format("look at it: release-guard release status {} --explain{}", id,
                                 and_call(watch->group->contacts))});
  }
  return out;
}

}  // namespace

model::ReleaseSpec spec_of(const GateQuery& query) {
  model::ReleaseSpec spec;
  spec.service = query.service;
  spec.environment = query.environment;
  spec.version = query.version;
  spec.kind = query.kind;
  return spec;
}

promql::Subject subject_of(const GateQuery& query) {
  promql::Subject subject;
  subject.service = query.service;
  subject.environment = query.environment;
  subject.version = query.version;
  return subject;
}

GateFacts facts_of(const GateQuery& query, const config::Settings& settings, const core::FleetView& fleet,
                   const core::BrakeInputs& brakes, Instant now) {
  GateFacts facts;
  find_group(query, settings, facts);
  model::Watch fresh;
  fresh.spec = spec_of(query);
  fresh.group = facts.group;
  fresh.is_rollback = query.kind == model::ReleaseKind::rollback;
  const auto known = known_freezes(settings, fleet, now.wall);
  if (const auto* freeze = core::refusing(known, fresh, now.wall)) facts.freeze = *freeze;
  facts.unfinished = unfinished(fleet, fresh.spec.place(), now);
  facts.kill_switch = brakes.kill_switch;
  facts.breaker = core::open_breaker(fleet, brakes, now);
  // What has nothing to go back to is not asked of the hook.
  const auto live = core::live_version(fleet, fresh.spec.place());
  if (fresh.group && !query.version.empty() && live && *live != query.version)
    if (const auto taken = hook_takes({query.version}, *fresh.group, settings); !taken)
      facts.version_problem = taken.error().message;
  if (!fresh.group || !core::is_required(fresh)) return facts;
  const auto& requirement = *fresh.group->requirement;
  facts.requirement_refuses = requirement.action == model::UnmetAction::refuse;
  facts.wants_preflight = requirement.preflight > Duration{0};
  if (requirement.environment.empty()) return facts;
  facts.version_unknown = query.version.empty();
  if (!facts.version_unknown)
    facts.staging = core::shown_of(fleet, requirement, query.service, query.version, now.wall);
  return facts;
}

bool asks_for_alerts(const GateFacts& facts) {
  return facts.group && std::ranges::any_of(facts.group->rules, [](const model::Rule& rule) {
           return rule.kind == model::RuleKind::alerts && core::decides(rule);
         });
}

std::vector<model::Evaluation> readings_of(const GateQuery& query, const RuleGroup& group,
                                           const std::expected<model::AlertList, model::SourceError>& firing,
                                           Instant now) {
  const auto subject = subject_of(query);
  std::vector<model::Evaluation> out;
  for (auto rule : group.rules) {
    if (rule.kind != model::RuleKind::alerts || !core::decides(rule)) continue;
    rule.preexisting = model::Preexisting::rollback;
    out.push_back(core::evaluate_alerts(rule, subject, {firing, now.wall}, now));
  }
  return out;
}

}  // namespace guard::engine
