// SPDX-License-Identifier: Apache-2.0
#include "guard/core/counted_progress.hpp"

#include "guard/core/bets.hpp"
#include "guard/core/counted_time.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/ratio_bets.hpp"
#include "guard/core/share_bounds.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// From this time on the pace of events tells something.
constexpr Duration pace_known = std::chrono::minutes(10);

}  // namespace

int needed_events(const Rule& rule) {
  if (rule.count) return fewest_expected(baseline_share(rule.objective.bound), rule.count->confidence);
  return std::max(rule.share->min_events, fewest_events(rule.objective.bound, rule.share->confidence));
}

std::optional<std::string> falls_short(const Watch& watch, std::size_t index, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  const bool few = is_counted(rule.kind) && state.share && state.last && state.last->reason == Reason::too_few_events;
  if (!few || state.reason != Reason::held) return std::nullopt;
  const auto counted = watch.clock.age(now) - counts_from(watch);
  const auto whole = counts_until(watch) - counts_from(watch);
  if (counted < pace_known) return std::nullopt;
  const auto seen = rule.count ? state.share->events.bad : state.share->events.total;
  const auto expected = seen * static_cast<double>(whole / 1s) / static_cast<double>(counted / 1s);
  if (expected >= needed_events(rule)) return std::nullopt;
  return fmt::format("{} sees too few events: at this pace they will not be the {} from which on it can be judged",
                     rule.slo, needed_events(rule));
}

bool has_yet_to_last(const Rule& rule, const ShareState& state) {
  return rule.share && !state.decided && state.incident.excess > 0 && !has_lasted(state, rule.objective.bound) &&
         least_share(state.incident.events, 1 - rule.share->confidence) > rule.objective.bound;
}

double progress_of(const Rule& rule, const RuleState& state) {
  return is_counted(rule.kind) && state.share ? progress(state.share->bets, confidence_of(rule)) : 0;
}

}  // namespace guard::core
