// SPDX-License-Identifier: Apache-2.0
#include "guard/core/pending.hpp"

#include <algorithm>
#include <chrono>

namespace guard::core {
namespace {

// Few are scraped more often, and each reading costs the server two questions.
constexpr Duration soonest = std::chrono::seconds(5);
// So often between two evaluations at most.
constexpr int most_parts = 3;

// Values and alerts break for some time or some readings, and would not break any sooner.
bool is_pending(const Watch& watch, std::size_t index) {
  return index < watch.rules.size() && is_counted(watch.group->rules[index].kind) &&
         watch.rules[index].verdict == Verdict::pending;
}

}  // namespace

std::optional<Duration> pending_interval(const RuleGroup& group) {
  const Duration whole = group.interval;
  for (int parts = most_parts; parts > 1; --parts)
    if (whole / parts >= soonest && whole.count() % parts == 0) return whole / parts;
  return std::nullopt;
}

bool has_pending(const Watch& watch) {
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (is_pending(watch, i)) return true;
  return false;
}

Questions ask_pending(const Watch& watch, Instant at) {
  auto out = ask(watch, Part::measured, at);
  out.only_pending = true;
  std::erase_if(out.queries, [&](const Question& question) { return !is_pending(watch, question.rule); });
  std::erase_if(out.refused, [&](const auto& refused) { return !is_pending(watch, refused.first); });
  out.missed.clear();
  return out;
}

}  // namespace guard::core
