// SPDX-License-Identifier: Apache-2.0
#include "guard/core/reviewer.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/remedy.hpp"
#include "guard/core/verification.hpp"
#include "guard/core/window.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

bool judged_now(const Watch& watch, const Rule& rule) {
  return watch.phase != Phase::settling || rule.kind == RuleKind::signal;
}

Trigger trigger_of(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::expr:
    case RuleKind::share:
    case RuleKind::count:
      return Trigger::objective;
    case RuleKind::alerts:
      return Trigger::alert;
    case RuleKind::signal:
      return Trigger::signal;
  }
  return Trigger::objective;
}

std::optional<Event> event_of(DecisionKind kind) {
  if (kind == DecisionKind::rollback) return Event::breach;
  if (kind == DecisionKind::ask) return Event::ask;
  return std::nullopt;  // would_rollback and hold leave the release where it is
}

// The same conclusion about a rule is recorded once, not at each reading.
bool already_said(const Watch& watch, const Decision& decision) {
  const auto run = latest_run(watch.decisions);
  return std::ranges::any_of(run, [&](const Decision* said) {
    return said->kind == decision.kind && said->brake == decision.brake && said->slo == decision.slo;
  });
}

std::string_view effect_of(DecisionKind kind) {
  if (kind == DecisionKind::hold) return "held";
  return kind == DecisionKind::ask ? "a person decides" : "but it would not be called at once";
}

PolicyResult follows(const Watch& watch, Action answer, const BrakeState& brakes) {
  return answer == Action::call ? policy_for_remedy(brakes) : policy_for_breach(watch, answer, brakes);
}

// A breach that stands and is to be answered.
struct StandingBreach {
  std::size_t rule;
  Action answer;
};

Step breach_step(const Watch& watch, const StandingBreach& standing, const BrakeState& brakes, Instant now) {
  const auto& rule = watch.group->rules[standing.rule];
  const auto& state = watch.rules[standing.rule];
  const auto result = follows(watch, standing.answer, brakes);
  Decision decision;
  decision.kind = result.kind;
  decision.brake = result.brake;
  decision.trigger = trigger_of(rule);
  decision.slo = rule.slo;
  decision.reason = evidence(rule, state);
  if (state.shared_cause) decision.reason += fmt::format("; {}", *state.shared_cause);
  if (result.reason) decision.reason += fmt::format("; {}: {}", effect_of(result.kind), *result.reason);
  if (standing.answer == Action::call)
    decision.hook = rule.remedy->hook;
  else if (rule.remedy && !state.helps_until)
    decision.reason += fmt::format("; in mode enforce hook {} would be called first", rule.remedy->hook);
  decision.detected_at = now.wall - state.breach_for;
  auto reason = decision.reason;
  return {event_of(result.kind), std::move(decision), std::move(reason)};
}

std::optional<StandingBreach> standing_breach(const Watch& watch, Action answer, Instant now) {
  // What one call mends another rule may show as well, so that one at a time is made.
  if (watch.paused || (answer == Action::call && watch.open_call() != nullptr)) return std::nullopt;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& state = watch.rules[i];
    const bool stands = answer == Action::call ? state.standing : breach_stands(state);
    if (stands && judged_now(watch, watch.group->rules[i]) && answer_to(watch, i, now) == answer)
      return StandingBreach{i, answer};
  }
  return std::nullopt;
}

// The first breach that is to be answered: by a rollback, else by a rule's own call, else by a person.
std::optional<StandingBreach> standing_breach(const Watch& watch, Instant now) {
  for (const auto answer : {Action::rollback, Action::call, Action::ask})
    if (const auto standing = standing_breach(watch, answer, now)) return standing;
  return std::nullopt;
}

// While a person is asked because of one rule, another may break that needs no person.
std::optional<Step> review_waiting(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto standing = standing_breach(watch, Action::rollback, now);
  if (!standing || policy_for_breach(watch, Action::rollback, brakes).kind != DecisionKind::rollback)
    return std::nullopt;
  return breach_step(watch, *standing, brakes, now);
}

std::optional<Step> review_breaches(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto standing = standing_breach(watch, now);
  if (!standing) return std::nullopt;
  auto step = breach_step(watch, *standing, brakes, now);
  if (!step.event && already_said(watch, *step.decision)) return std::nullopt;
  return step;
}

// The first rule with a breach that was found afterwards and is over.
std::optional<std::size_t> breach_found_over(const Watch& watch) {
  if (watch.breach_decided || watch.paused) return std::nullopt;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& state = watch.rules[i];
    if (state.latched && !state.standing && state.last && state.last->outcome == Outcome::ok) return i;
  }
  return std::nullopt;
}

// It is too late to act on, and no release passes with it. What would have held it at the time is said first.
std::optional<Step> review_found(const Watch& watch, const BrakeState& brakes, Instant now) {
  const auto index = breach_found_over(watch);
  if (!index) return std::nullopt;
  const auto result = policy_for_breach(watch, watch.group->rules[*index].action, brakes);
  const bool held = result.kind == DecisionKind::hold;
  const bool observed = result.kind == DecisionKind::would_rollback;
  Decision decision;
  decision.kind = observed ? DecisionKind::would_rollback : DecisionKind::hold;
  decision.brake = held ? result.brake : observed ? Brake::none : Brake::over;
  decision.trigger = trigger_of(watch.group->rules[*index]);
  decision.slo = watch.group->rules[*index].slo;
  decision.reason = fmt::format("{} was in breach while it could not be read, and holds again: {}", decision.slo,
                                watch.rules[*index].last->detail);
  if (held) decision.reason += fmt::format("; held: {}", result.reason.value_or(""));
  decision.detected_at = now.wall;
  auto reason = decision.reason;
  return Step{std::nullopt, std::move(decision), std::move(reason)};
}

// The window runs from live on, also where the version is seen to serve late or never.
std::optional<Step> review_settling(const Watch& watch, Instant now) {
  const auto age = watch.clock.age(now);
  const bool settled = !watch.awaits_serving() && age >= watch.settle_end();
  if (!settled) return review_window(watch, now);
  return Step{Event::settled, std::nullopt,
              fmt::format("{} since it {} are over", format_duration(watch.group->settle),
                          watch.group->serves ? "was seen to serve" : "went live")};
}

std::optional<Step> review_live(const Watch& watch, const BrakeState& brakes, Instant now) {
  if (auto step = review_breaches(watch, brakes, now)) return step;
  if (auto step = review_found(watch, brakes, now)) return step;
  return watch.phase == Phase::settling ? review_settling(watch, now) : review_window(watch, now);
}

// A rollback that helped until something newer went live was one.
Step review_superseded(const Watch& watch) {
  if (watch.phase == Phase::verifying && watch.held_again_at && !watch.broken_again_at)
    return {Event::verified, std::nullopt,
            fmt::format("the hook is done and every objective held again; release {} took its place since",
                        *watch.superseded_by)};
  return concluded(Event::supersede, DecisionKind::supersede,
                   fmt::format("release {} took its place", *watch.superseded_by));
}

}  // namespace

std::optional<Step> review(const Watch& watch, const BrakeState& brakes, Instant now) {
  if (is_final(watch.phase)) return std::nullopt;
  if (watch.superseded_by) return watch.is_calling() ? std::nullopt : std::optional(review_superseded(watch));
  switch (watch.phase) {
    case Phase::settling:
    case Phase::watching:
      return review_live(watch, brakes, now);
    case Phase::awaiting_approval:
      if (auto step = review_waiting(watch, brakes, now)) return step;
      if (watch.is_calling() || watch.clock.age(now) < approval_until(watch)) return std::nullopt;
      return review_unanswered(watch);
    case Phase::verifying:
      return review_verification(watch, now);
    case Phase::deploying:
    case Phase::rolling_back:
    case Phase::passed:
    case Phase::breached:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::rollback_failed:
    case Phase::aborted:
    case Phase::superseded:
      return std::nullopt;
  }
  return std::nullopt;
}

bool needs_brakes(const Watch& watch, Instant now) {
  const bool live = watch.phase == Phase::settling || watch.phase == Phase::watching;
  const bool waiting = watch.phase == Phase::awaiting_approval;
  return (live && (standing_breach(watch, now) || breach_found_over(watch))) ||
         (waiting && standing_breach(watch, Action::rollback, now));
}

}  // namespace guard::core
