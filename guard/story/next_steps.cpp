// SPDX-License-Identifier: Apache-2.0
#include "guard/story/next_steps.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/reason_words.hpp"
#include "guard/core/remedy.hpp"
#include "guard/core/rollback_policy.hpp"
#include "guard/core/serving.hpp"
#include "guard/core/unread.hpp"
#include "guard/core/window.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::story {
namespace {

using model::Phase;
using model::Verdict;
using model::Watch;

// What lifts a brake, or nothing where the guard alone never gets past it.
std::string_view what_lifts(model::Brake brake) {
  switch (brake) {
    case model::Brake::cooldown:
      return "the cooldown is over";
    case model::Brake::breaker:
      return "fewer services breach at once";
    case model::Brake::kill_switch:
      return "the file of the kill switch is taken away";
    case model::Brake::deploying:
      return "the release that is being deployed in its place is aborted";
    case model::Brake::in_flight:
      return "the other rollback has ended";
    case model::Brake::over:
      return "the objective breaks again";
    case model::Brake::none:
    case model::Brake::is_rollback:
    case model::Brake::no_previous_version:
    case model::Brake::no_hook:
      return "";
  }
  return "";
}

// What becomes of a breach that is held, or would become of the next one.
std::string next_of_breach(const Watch& watch, const core::BrakeState& brakes) {
  if (const auto* hold = model::held_breach(watch.decisions)) {
    const auto lifted = what_lifts(hold->brake);
    if (lifted.empty()) return fmt::format("the breach stays held ({}): a person must act", in_words(hold->brake));
    if (hold->brake == model::Brake::over) return fmt::format("nothing is called before {}", lifted);
    return fmt::format("the breach is held ({}): it is rolled back once {}, if the objective is broken then",
                       in_words(hold->brake), lifted);
  }
  const auto result = core::policy_for_breach(watch, model::Action::rollback, brakes);
  const auto& settings = watch.group->rollback;
  switch (result.kind) {
    case model::DecisionKind::rollback:
      return fmt::format("if an objective breaks: hook {} goes back to {} at once, unless a brake holds it",
                         settings.hook, watch.spec.previous_version);
    case model::DecisionKind::ask:
      return fmt::format("if an objective breaks: a person is asked whether hook {} is to go back to {}{}{}",
                         settings.hook, watch.spec.previous_version, result.reason ? ": " : "",
                         result.reason.value_or(""));
    case model::DecisionKind::would_rollback:
      return "if an objective breaks: it is said and nothing is called (mode observe)";
    case model::DecisionKind::hold:
      return fmt::format("if an objective breaks: nothing is called, a person must act: {}",
                         result.reason.value_or(""));
    case model::DecisionKind::call:
    case model::DecisionKind::pass:
    case model::DecisionKind::breached:
    case model::DecisionKind::unverified:
    case model::DecisionKind::supersede:
    case model::DecisionKind::abort:
      break;
  }
  return "";
}

std::string_view what_follows(model::Action action) {
  switch (action) {
    case model::Action::rollback:
      return "it is rolled back";
    case model::Action::ask:
      return "a person is asked";
    case model::Action::call:
    case model::Action::warn:
      break;
  }
  return "it stays a warning";
}

// Of each rule that has a hook of its own called.
void next_of_remedies(const Watch& watch, Instant now, std::vector<NextStep>& next) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!rule.remedy) continue;
    const auto then = what_follows(rule.remedy->then);
    if (!state.helps_until && watch.group->rollback.mode == model::Mode::enforce)
      next.push_back({fmt::format("if {} breaks: hook {} is called once, and has {} to help; after that {}", rule.slo,
                                  rule.remedy->hook, format_duration(rule.remedy->within), then),
                      std::nullopt});
    else if (state.helps_until && core::answer_to(watch, i, now) == model::Action::warn && state.standing)
      next.push_back(
          {fmt::format("if {} is still broken after what hook {} was to do: {}", rule.slo, rule.remedy->hook, then),
           when_aged(watch, *state.helps_until, now)});
  }
}

void next_of_pending(const Watch& watch, Instant now, std::vector<NextStep>& next) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (state.verdict != Verdict::pending || rule.breach.count > 0) continue;
    const auto outcome = core::decides(rule) ? "a breach" : "a warning";
    if (model::is_counted(rule.kind) && core::has_yet_to_last(rule, *state.share)) {
      next.push_back({fmt::format("{} becomes {} if its objective stays broken", rule.slo, outcome),
                      core::will_have_lasted(*state.share)});
      continue;
    }
    if (model::is_counted(rule.kind)) {
      next.push_back({fmt::format("{} is {:.0f}% of the way to a breach", rule.slo,
                                  std::floor(100 * core::progress_of(rule, state))),
                      {}});
      continue;
    }
    next.push_back({fmt::format("{} becomes {} if its objective stays broken", rule.slo, outcome),
                    now.wall + std::max(Duration{0}, rule.breach.sustained - state.breach_for - state.repeated_for)});
  }
}

// What is waited for before anything is judged.
std::string next_of_serving(const Watch& watch, Instant now) {
  return fmt::format("readings begin to count once the version serves: {}", core::not_serving_words(watch, now));
}

NextStep next_of_call(const model::Decision& open) {
  const auto tries = open.attempts.size();
  if (open.state == model::CallState::calling)
    return {fmt::format("hook {} is being called (attempt {}); its outcome decides", open.hook, tries), std::nullopt};
  if (tries == 0) return {fmt::format("hook {} is called", open.hook), open.next_attempt_at};
  return {fmt::format("hook {} is called again (attempt {}): attempt {} came to {} ({})", open.hook, tries + 1, tries,
                      to_string(open.attempts.back().result), open.attempts.back().detail),
          open.next_attempt_at};
}

void next_while_judged(const Watch& watch, const core::BrakeState& brakes, Instant now, std::vector<NextStep>& next) {
  if (watch.paused) {
    const auto left = std::max(Duration{0}, watch.group->window - watch.clock.age(now));
    next.push_back({fmt::format("paused: nothing is judged, and the window stands still with {} left until a person "
                                "resumes it",
                                format_duration(std::chrono::round<std::chrono::seconds>(left))),
                    std::nullopt});
    return;
  }
  if (watch.awaits_serving())
    next.push_back({next_of_serving(watch, now), std::nullopt});
  else if (watch.is_settling(now))
    next.push_back({"settling ends; readings begin to count", when_aged(watch, watch.settled_at(), now)});
  next_of_pending(watch, now, next);
  if (const auto* open = watch.open_call()) next.push_back(next_of_call(*open));
  next_of_remedies(watch, now, next);
  next.push_back({next_of_breach(watch, brakes), std::nullopt});
  const auto ending = core::is_certainly_breached(watch)
                          ? "the window ends: breached, because an objective was broken and nothing is rolled back"
                      : watch.breach_decided
                          ? "the window ends: unverified, because nobody knows whose breach it was"
                          : "the window ends: passed if every objective holds on enough evidence, else unverified";
  next.push_back({ending, window_end(watch, now)});
}

void next_of_rollback(const Watch& watch, std::vector<NextStep>& next) {
  const auto* open = watch.open_rollback();
  if (open == nullptr) return;
  if (const auto* before = watch.open_call(); before != open)
    next.push_back({fmt::format("hook {}, called for {}, comes to its end first: no two are called at once",
                                before->hook, before->slo),
                    std::nullopt});
  next.push_back(next_of_call(*open));
  if (watch.superseded_by)
    next.push_back(
        {fmt::format("then it ends, because release {} took its place", *watch.superseded_by), std::nullopt});
}

void next_of_verification(const Watch& watch, Instant now, std::vector<NextStep>& next) {
  const auto end = verification_end(watch, now);
  if (watch.awaits_serving()) next.push_back({next_of_serving(watch, now), std::nullopt});
  if (watch.broken_again_at)
    next.push_back({"the verification ends: rollback failed, if an objective is still broken then", end});
  else if (watch.held_again_at)
    next.push_back(
        {"the verification ends: rolled back; if an objective breaks again before, a person is called", end});
  else
    next.push_back(
        {"the verification ends: rollback failed if an objective is still broken, unverified if that cannot "
         "be told, else rolled back",
         end});
}

std::string still_not_live(const Watch& watch) {
  return fmt::format(
      "announced at {} and still not live: say that it is live, or abort it; meanwhile a breach of the "
      "release before it is held back",
      time_text(watch.phase_since));
}

std::string cannot_judge(const Watch& watch, const std::vector<std::size_t>& rules, Instant now) {
  std::vector<std::string> unread;
  for (const auto i : rules)
    if (const auto since = core::unread_since(watch, i, now))
      unread.push_back(unread_words(watch, i, *since));
    else if (auto few = core::falls_short(watch, i, now))
      unread.push_back(std::move(*few));
  return fmt::format("nobody can tell whether the release is healthy: {}", fmt::join(unread, "; "));
}

std::string overdue_serving(const Watch& watch, Instant now) {
  return fmt::format("{}, {} after {}; until it is, nothing is judged", core::not_serving_words(watch, now),
                     format_duration(watch.group->serves_within),
                     watch.phase == Phase::verifying ? "the rollback" : "it went live");
}

// Every breach that is held now, by the latest words about each rule.
std::string held_breaches(const Watch& watch) {
  std::vector<std::string> reasons;
  for (const auto& decision : model::latest_run(watch.decisions)) reasons.push_back(decision->reason);
  return fmt::format("a breach is not rolled back: {}{}", fmt::join(reasons, "; "),
                     breach_stands_now(watch) ? "" : "; at the latest reading no breach stands");
}

}  // namespace

std::optional<WallTime> when_aged(const Watch& watch, Duration age, Instant now) {
  if (!watch.clock.as_of) return std::nullopt;
  return now.wall + (age - watch.clock.age(now));
}

std::optional<WallTime> window_end(const Watch& watch, Instant now) {
  const bool asked = watch.phase == Phase::awaiting_approval;
  return when_aged(watch, asked ? core::approval_until(watch) : watch.group->window, now);
}

std::optional<WallTime> verification_end(const Watch& watch, Instant now) {
  return when_aged(watch, watch.phase_began + watch.group->rollback.verify, now);
}

std::vector<NextStep> next_steps(const Watch& watch, const core::BrakeState& brakes, Instant now) {
  std::vector<NextStep> next;
  switch (watch.phase) {
    case Phase::deploying:
      next.push_back({"it waits until the pipeline says that it is live; until then nothing is judged", std::nullopt});
      break;
    case Phase::settling:
    case Phase::watching:
      next_while_judged(watch, brakes, now, next);
      break;
    case Phase::awaiting_approval:
      next.push_back({"a person approves the rollback, or aborts the watch", std::nullopt});
      next.push_back({fmt::format("the watch ends: {}, if nobody approved",
                                  core::is_certainly_breached(watch) ? "breached" : "unverified"),
                      window_end(watch, now)});
      break;
    case Phase::rolling_back:
      next_of_rollback(watch, next);
      break;
    case Phase::verifying:
      next_of_verification(watch, now, next);
      break;
    case Phase::passed:
    case Phase::breached:
    case Phase::unverified:
    case Phase::rolled_back:
    case Phase::rollback_failed:
    case Phase::aborted:
    case Phase::superseded:
      break;
  }
  return next;
}

std::string unread_words(const Watch& watch, std::size_t index, WallTime since) {
  const auto& last = watch.rules[index].last;
  // A round that never came says nothing; one that failed says why.
  const auto why = last && last->at.wall > since ? fmt::format(" ({})", core::explain(last->reason)) : "";
  return fmt::format("{} was not read since {}{}", watch.group->rules[index].slo, time_text(since), why);
}

bool breach_stands_now(const Watch& watch) {
  return std::any_of(watch.rules.begin(), watch.rules.end(), core::breach_stands);
}

std::string words_of(const core::PersonNeeded& needed, const Watch& watch, Instant now) {
  switch (needed.need) {
    case core::Need::live_or_abort:
      return still_not_live(watch);
    case core::Need::approval:
      return "approve the rollback or abort: " + watch.phase_reason;
    case core::Need::held_breach:
      return held_breaches(watch);
    case core::Need::disturbance:
      return watch.disturbance.value_or("");
    case core::Need::serving_overdue:
      return overdue_serving(watch, now);
    case core::Need::unread_rules:
      return cannot_judge(watch, needed.rules, now);
    case core::Need::broken_again:
    case core::Need::failed_rollback:
      return watch.phase_reason;
  }
  return "";
}

}  // namespace guard::story
