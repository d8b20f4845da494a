// SPDX-License-Identifier: Apache-2.0
#include "guard/core/rollback_order.hpp"

#include "guard/core/evidence.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::core {
namespace {

// "; broken: error_rate: 20% against < 1%", for an order that a person gives. Of a release whose rules are read no more
// it says nothing: they tell of another time, as does a breach that was decided and stands no longer.
std::string broken_now(const Watch& watch) {
  if (!is_judged(watch.phase)) return "";
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& state = watch.rules[i];
    if (state.verdict == Verdict::breached && state.standing) broken.push_back(evidence(watch.group->rules[i], state));
  }
  return broken.empty() ? "" : fmt::format("; broken: {}", fmt::join(broken, "; "));
}

}  // namespace

std::string default_target(const Watch& watch) {
  const auto* unknown = rollback_of_unknown_outcome(watch);
  return unknown != nullptr ? unknown->target : watch.spec.previous_version;
}

std::expected<Step, std::string> order_rollback(const Watch& watch, const BrakeState& brakes,
                                                const RollbackOrder& order) {
  const auto& [actor, why, wanted] = order;
  const auto event = watch.phase == Phase::awaiting_approval ? Event::approve : Event::order_rollback;
  if (auto legal = next_phase(watch.phase, event); !legal) return std::unexpected(legal.error());
  const auto target = wanted.empty() ? default_target(watch) : wanted;
  const auto result = policy_for_order(watch, brakes, target);
  if (result.kind != DecisionKind::rollback)
    return std::unexpected("the rollback is not possible: " + result.reason.value_or(""));
  if (const auto* open = rollback_of_unknown_outcome(watch); open != nullptr && open->target != target)
    return std::unexpected(fmt::format(
        "nobody knows whether the rollback to {} was done: look at the service, then order that one again (it "
        "keeps its idempotency key) or roll back by hand",
        open->target));
  const auto where = target == watch.spec.previous_version ? "" : "; back to " + target;
  auto reason = fmt::format("ordered by {}{}{}{}{}", actor, why.empty() ? "" : ": ", why, where, broken_now(watch));
  Decision decision;
  decision.kind = DecisionKind::rollback;
  decision.trigger = Trigger::manual;
  decision.target = target;
  decision.actor = actor;
  decision.reason = reason;
  if (event == Event::approve && !watch.decisions.empty()) {
    const auto& asked = watch.decisions.back();
    decision.slo = asked.slo;
    decision.trigger = asked.trigger;
    decision.detected_at = asked.detected_at;
    decision.reason = fmt::format("{}; approved by {}{}{}{}", asked.reason, actor, why.empty() ? "" : ": ", why, where);
    reason = decision.reason;
  }
  return Step{event, std::move(decision), std::move(reason)};
}

}  // namespace guard::core
