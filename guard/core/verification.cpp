// SPDX-License-Identifier: Apache-2.0
#include "guard/core/verification.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/evidence.hpp"

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
  std::size_t counted = 0;
  std::vector<std::string> broken;
  std::vector<std::string> unknown;
  Duration recovering{0};  // an objective holds, and this long would be enough
};

AfterRollback look_after_rollback(const Watch& watch) {
  AfterRollback out;
  const auto interval = watch.group->interval;
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& rule = watch.group->rules[i];
    const auto& state = watch.rules[i];
    if (!counts_in_verification(rule, state)) continue;
    ++out.counted;
    const auto needed = std::max(recovery_time(rule, interval), interval);
    const bool holds = state.verdict == Verdict::ok;
    if (holds && state.ok_for >= needed) continue;
    if (holds) out.recovering = std::max(out.recovering, needed + 2 * interval);
    const bool seen_bad = state.last && state.last->outcome == Outcome::breach;
    (seen_bad ? out.broken : out.unknown).push_back(evidence(rule, state));
  }
  if (out.counted == 0 && measures(*watch.group))
    out.unknown.emplace_back("no rule shows it: each only warns, or was broken before the release");
  return out;
}

}  // namespace

std::optional<Step> review_verification(const Watch& watch, Instant now) {
  const auto seen = look_after_rollback(watch);
  if (seen.broken.empty() && seen.unknown.empty())
    return Step{Event::verified, std::nullopt,
                measures(*watch.group) ? "the hook is done and every objective holds again"
                                       : "the hook is done; its group measures nothing that could be verified"};
  // Where all that is missing is a little more time of an objective that holds, that time is given.
  const auto patience = watch.group->rollback.verify + (seen.broken.empty() ? seen.recovering : Duration{0});
  if (watch.clock.age(now) - watch.phase_began < patience) return std::nullopt;
  const auto time = format_duration(watch.group->rollback.verify);
  if (!seen.broken.empty())
    return Step{Event::verify_unmet, std::nullopt,
                fmt::format("the hook reported success, but objectives do not hold {} later: {}", time,
                            fmt::join(seen.broken, "; "))};
  return Step{Event::verify_no_evidence, std::nullopt,
              fmt::format("the hook reported success, but {} later nobody can tell whether objectives hold: {}", time,
                          fmt::join(seen.unknown, "; "))};
}

}  // namespace guard::core
