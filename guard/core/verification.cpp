// SPDX-License-Identifier: Apache-2.0
#include "guard/core/verification.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/evidence.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/serving.hpp"
#include "guard/core/window.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

// After a rollback the pipeline's verdict on the old release and breaches from before it say nothing.
bool counts_in_verification(const Rule& rule, const RuleState& state) {
  return decides(rule) && rule.kind != RuleKind::signal && !state.past.breached && !excused(state);
}

// A group of signals alone has nothing to look at after a rollback, and never will: the hook's word is all there is.
bool measures(const RuleGroup& group) {
  return std::any_of(group.rules.begin(), group.rules.end(),
                     [](const Rule& rule) { return rule.kind != RuleKind::signal; });
}

// How the rules stand after a rollback, in words.
struct AfterRollback {
  std::vector<std::string> counted;
  std::vector<std::string> left_out;
  std::vector<std::string> breached;  // by the rule's own measure
  std::vector<std::string> broken;    // the latest reading is in breach; those of `breached` too
  std::vector<std::string> unknown;
  Duration needed{0};     // what an objective that holds, or a breach that is pending, needs to be sure
  bool well_seen = true;  // every objective that is unknown now could be judged for most of the time

  bool holds() const { return broken.empty() && unknown.empty(); }
};

// A share has no `for` that would say how long; where there is little time to verify, half of it must do.
Duration time_to_hold(const Rule& rule, const RuleGroup& group) {
  const auto needed = std::max(recovery_time(rule, group.interval), group.interval);
  return is_counted(rule.kind) ? std::min(needed, Duration(group.rollback.verify / 2)) : needed;
}

void add(AfterRollback& out, const Watch& watch, const Rule& rule, const RuleState& state) {
  const auto interval = watch.group->interval;
  const auto needed = time_to_hold(rule, *watch.group);
  const bool holds = state.verdict == Verdict::ok;
  if (holds && state.ok_for >= needed) return;
  if (holds || state.verdict == Verdict::pending) out.needed = std::max(out.needed, needed + 2 * interval);
  if (state.verdict == Verdict::breached) out.breached.push_back(evidence(rule, state));
  const bool seen_bad = state.last && state.last->outcome == Outcome::breach;
  (seen_bad ? out.broken : out.unknown).push_back(evidence(rule, state));
  const auto most = std::chrono::duration_cast<Duration>(watch.group->rollback.verify * needed_evidence);
  if (!seen_bad && state.observed < most) out.well_seen = false;
}

AfterRollback look_after_rollback(const Watch& watch, Instant now) {
  AfterRollback out;
  // What the rules read is of another version.
  if (watch.awaits_serving()) {
    (watch.serving.denied ? out.broken : out.unknown).push_back(not_serving_words(watch, now));
    return out;
  }
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    const bool counts = counts_in_verification(rule, state);
    (counts ? out.counted : out.left_out).push_back(rule.slo);
    if (counts) add(out, watch, rule, state);
  }
  if (out.counted.empty())
    out.unknown.emplace_back("no rule shows it: each only warns, or was broken before the release");
  return out;
}

// "every objective", or which, where some say nothing after a rollback.
std::string objectives(const AfterRollback& seen) {
  if (seen.left_out.empty()) return "every objective";
  return fmt::format("every objective that counts after a rollback ({}; not {})", fmt::join(seen.counted, ", "),
                     fmt::join(seen.left_out, ", "));
}

Step told(Event event, std::string words) {
  return {event, std::nullopt, std::move(words)};
}

// What is new while the time for it runs.
std::optional<Step> news(const Watch& watch, const AfterRollback& seen) {
  const bool held = watch.held_again_at.has_value() && !watch.broken_again_at;
  if (!held && seen.holds())
    return told(Event::holds_again, fmt::format("the hook is done and {} holds again; watched for {} from the hook on",
                                                objectives(seen), format_duration(watch.group->rollback.verify)));
  if (held && !seen.breached.empty())
    return told(Event::breaks_again,
                fmt::format("after the rollback it held, and broke again: {}", fmt::join(seen.breached, "; ")));
  return std::nullopt;
}

// Where no rule measures anything.
std::string unmeasured(const Watch& watch) {
  const auto& version = watch.goes_back_to();
  const auto known = watch.group->serves ? fmt::format("that {} was seen to serve is all there is", version)
                                         : fmt::format("so that {} serves again is the hook's word alone", version);
  return fmt::format("the hook is done; nothing was verified: no rule of group {} measures anything, {}",
                     watch.group->name, known);
}

// How it ends once its time is over.
Step end_of(const Watch& watch, const AfterRollback& seen) {
  const auto time = format_duration(watch.group->rollback.verify);
  if (seen.holds())
    return told(Event::verified, fmt::format("the hook is done and {} holds {} later", objectives(seen), time));
  if (watch.broken_again_at || !seen.broken.empty())
    return told(Event::verify_unmet,
                fmt::format("the hook reported success, but objectives do not hold {} later: {}", time,
                            fmt::join(seen.broken.empty() ? seen.unknown : seen.broken, "; ")));
  if (watch.held_again_at && seen.well_seen)
    return told(Event::verified, fmt::format("the hook is done and {} held again; at the end this was not known: {}",
                                             objectives(seen), fmt::join(seen.unknown, "; ")));
  return told(Event::verify_no_evidence,
              fmt::format("the hook reported success, but {} later nobody can tell whether objectives hold: {}", time,
                          fmt::join(seen.unknown, "; ")));
}

}  // namespace

bool can_be_verified(const RuleGroup& group) {
  return group.serves || measures(group);
}

std::optional<Step> review_verification(const Watch& watch, Instant now) {
  if (!measures(*watch.group) && !watch.awaits_serving()) return told(Event::verified, unmeasured(watch));
  const auto seen = look_after_rollback(watch, now);
  const auto passed = watch.clock.age(now) - watch.phase_began;
  const auto time = watch.group->rollback.verify;
  if (passed < time) return news(watch, seen);
  // Where a little more time shows how it is, that time is given: neither a first good reading nor a single bad one
  // decides.
  const bool first_breach = !watch.held_again_at && !seen.broken.empty();
  const bool sure = seen.holds() || !seen.breached.empty() || first_breach;
  if (!sure && passed < time + seen.needed) return std::nullopt;
  return end_of(watch, seen);
}

}  // namespace guard::core
