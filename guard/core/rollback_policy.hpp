// SPDX-License-Identifier: Apache-2.0
//
// What a breach leads to: the mode of the group and the brakes of the guard decide between acting, asking, holding
// and only saying so. People may override brakes, never the in-flight exclusion. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/decision.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// The state of everything that can hold a rollback back, at one moment.
struct BrakeState {
  bool kill_switch = false;
  std::optional<WallTime>
      cooldown_until;                // present while the last rollback of this service and environment is too near
  std::vector<std::string> breaker;  // which services breach at once; empty: it is closed
  std::optional<std::string> in_flight = {};  // another release of the place whose rollback is under way
  std::optional<std::string> deploying = {};  // a newer release of the place that is being deployed
};

struct PolicyResult {
  DecisionKind kind = DecisionKind::hold;  // rollback, would_rollback, ask or hold
  Brake brake = Brake::none;               // what holds it, for `hold`
  // In words: what holds it, why a person is asked beside the mode, or for `would_rollback` what would hold it.
  std::optional<std::string> reason = {};
};

// Present, with the reason, where its group names no hook.
std::optional<PolicyResult> no_hook(const Watch& watch);
// Present, with the reason, where neither the guard nor a person can take it back to `target`.
std::optional<PolicyResult> nowhere_to_go(const Watch& watch, const std::string& target);

// For a breach the guard found of a rule with this action, which is not a warning.
PolicyResult policy_for_breach(const Watch& watch, Action action, const BrakeState& brakes);

// What else is under way in its place, if anything; no person may override it.
std::optional<PolicyResult> in_flight(const BrakeState& brakes);

// "several services breach at once, which points to a shared cause: cart, shop"
std::string breaker_words(const std::vector<std::string>& services);

// What holds back everything that the guard would do by itself in this place, if anything does.
std::optional<PolicyResult> shared_brakes(const BrakeState& brakes);

// For a person's order or approval to go back to `target`: only what no person may override.
PolicyResult policy_for_order(const Watch& watch, const BrakeState& brakes, const std::string& target);

}  // namespace guard::core
