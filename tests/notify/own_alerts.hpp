// SPDX-License-Identifier: Apache-2.0
//
// Releases as they are shown, and the alerts that the guard makes of them. Pure.
#pragma once

#include "guard/notify/own_alerts.hpp"

#include <string>
#include <utility>
#include <vector>

namespace guard::engine {

using namespace std::chrono_literals;
using alerts::OwnAlert;
using model::Brake;
using model::CallState;
using model::DecisionKind;
using model::Phase;
using model::Trigger;

inline constexpr WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h};
inline const std::string evidence = "error_rate: 20% against < 1%";
inline const config::WebLinks some_links{"https://guard.example.org", "https://grafana.example.org/d/x?orgId=1", ""};

inline model::Decision decision(DecisionKind kind, CallState state = CallState::none, Brake brake = Brake::none) {
  model::Decision out;
  out.number = 1;
  out.kind = kind;
  out.state = state;
  out.brake = brake;
  out.slo = "error_rate";
  out.reason = evidence;
  if (kind != DecisionKind::hold) out.hook = "promote";
  out.target = kind == DecisionKind::rollback ? "v1" : "";
  out.at = noon - 10s;
  if (state == CallState::none || state == CallState::decided) return out;
  model::Attempt attempt;
  attempt.number = 2;
  attempt.result = model::AttemptResult::done;
  attempt.detail = "exit 0";
  out.attempts = {attempt};
  return out;
}

inline story::ReleaseView release(Phase phase, std::vector<model::Decision> decisions = {}) {
  story::ReleaseView view;
  view.spec.id = "r1";
  view.spec.service = "shop";
  view.spec.environment = "production";
  view.spec.version = "v2";
  view.spec.previous_version = "v1";
  view.phase = phase;
  view.announced_at = noon - 2h;  // no news any more
  view.phase_since = noon - 5s;
  view.reason = "the reason of the phase";
  if (model::is_final(phase)) view.ended_at = noon - 5s;
  if (phase == Phase::rollback_failed) view.needs_person = "roll back by hand";
  view.decisions = std::move(decisions);
  story::RuleView rule;
  rule.slo = "error_rate";
  rule.objective = "< 1%";
  view.rules = {rule};
  return view;
}

inline std::vector<OwnAlert> alerts_of(const std::vector<story::ReleaseView>& releases, const Health& health = {},
                                       const config::WebLinks& links = {}) {
  return notify::own_alerts(releases, health, links, noon);
}

// "ReleaseGuardRolledBack warning"
inline std::vector<std::string> names(const std::vector<OwnAlert>& alerts) {
  std::vector<std::string> out;
  for (const auto& alert : alerts) out.push_back(alert.labels.at("alertname") + " " + alert.labels.at("severity"));
  return out;
}

}  // namespace guard::engine
