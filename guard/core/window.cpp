// SPDX-License-Identifier: Apache-2.0
#include "guard/core/window.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/reason_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

// The share of the time asked for in which the rule could be judged; what it ignores is not asked for.
double evidence_share(const RuleGroup& group, const RuleState& state) {
  const auto asked = group.window - group.settle - state.ignored;
  if (asked <= Duration{0}) return state.observed > Duration{0} ? 1 : 0;
  return static_cast<double>(state.observed.count()) / static_cast<double>(asked.count());
}

// False where everything was left out as its policy says. Warnings are evidence only in a group of warnings alone.
bool judged_at_all(const Watch& watch) {
  const auto& rules = watch.group->rules;
  const bool only_warns = std::none_of(rules.begin(), rules.end(), decides);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& state = watch.rules[i];
    const bool judged = state.observed > Duration{0} || state.verdict == Verdict::ok;
    if (judged && (only_warns || decides(rules[i]))) return true;
  }
  return false;
}

// What keeps the release from passing, in words; empty if nothing does.
std::vector<std::string> open_questions(const Watch& watch) {
  std::vector<std::string> open;
  if (!watch.disturbance.empty()) open.push_back(watch.disturbance);
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!decides(rule) || excused(state)) continue;
    const auto share = evidence_share(*watch.group, state);
    if (state.verdict != Verdict::ok)
      open.push_back(fmt::format("{} is {}: {}", rule.slo, to_string(state.verdict), explain(state.reason)));
    else if (rule.kind != RuleKind::signal && share < needed_evidence)
      open.push_back(
          fmt::format("{} could be judged for only {:.0f}% of the window", rule.slo, std::floor(share * 100)));
  }
  if (open.empty() && !judged_at_all(watch)) open.emplace_back("no objective was ever judged");
  return open;
}

// "every objective held over 2h", and what it does not cover.
std::string held_over_window(const Watch& watch) {
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (!decides(watch.group->rules[i]) && watch.rules[i].verdict == Verdict::breached)
      broken.push_back(evidence(watch.group->rules[i], watch.rules[i]));
  const auto window = format_duration(watch.group->window);
  if (broken.empty()) return fmt::format("every objective held over {}", window);
  return fmt::format("every objective that can roll back held over {}; broken, with a warning only: {}", window,
                     fmt::join(broken, "; "));
}

// A breach that is pending when the window ends is followed to its end, but not for ever.
bool follow_pending(const Watch& watch, Duration age) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    if (!decides(rule) || watch.rules[i].verdict != Verdict::pending) continue;
    const auto readings = rule.breach.count > 0 ? rule.breach.of : 2;
    if (age < watch.group->window + rule.breach.sustained + readings * watch.group->interval) return true;
  }
  return false;
}

}  // namespace

Step concluded(Event event, DecisionKind kind, std::string reason) {
  Decision decision;
  decision.kind = kind;
  decision.trigger = Trigger::window;
  decision.reason = reason;
  return {event, std::move(decision), std::move(reason)};
}

Duration approval_until(const Watch& watch) {
  return std::max(watch.group->window, watch.phase_began + watch.group->rollback.verify);
}

std::optional<Step> review_window(const Watch& watch, Instant now) {
  const auto age = watch.clock.age(now);
  if (age < watch.group->window || follow_pending(watch, age)) return std::nullopt;
  if (watch.breach_decided)
    return concluded(Event::window_unverified, DecisionKind::unverified,
                     "the window ended; an objective was breached and no rollback was made");
  const auto open = open_questions(watch);
  if (open.empty()) return concluded(Event::window_passed, DecisionKind::pass, held_over_window(watch));
  return concluded(Event::window_unverified, DecisionKind::unverified,
                   fmt::format("the window ended without enough evidence: {}", fmt::join(open, "; ")));
}

}  // namespace guard::core
