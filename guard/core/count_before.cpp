// SPDX-License-Identifier: Apache-2.0
#include "guard/core/count_before.hpp"

#include "guard/core/before_release.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/ratio_bets.hpp"
#include "guard/core/share_before.hpp"
#include "guard/core/share_bounds.hpp"

#include <algorithm>
#include <array>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// A drop that stands when the switch begins has begun at any time before.
constexpr std::array<Duration, 4> stretches{2min, 5min, 15min, 1h};
// That fewer came than the objective asks for must be 99% sure.
constexpr double doubt = 0.01;
// Clearly worse than it was, as for any rule (model::clearly_worse).
constexpr double clearly_worse_by = 1.5;
// Of nothing there is no less.
constexpr double least_ratio = 0.01;

Events within(const std::vector<Arrival>& arrivals, WallTime after, double clump) {
  Events out;
  for (const auto& arrival : arrivals)
    if (arrival.at > after) add(out, {arrival.events.bad / clump, arrival.events.total / clump});
  return out;
}

// The ratio to the baseline in the longest of the stretches up to the end in which it was surely below the objective;
// nothing where it was kept in the end.
std::optional<double> standing_ratio(const std::vector<Arrival>& arrivals, WallTime end, double kept, double clump) {
  std::optional<double> out;
  for (const auto stretch : stretches) {
    const auto events = within(arrivals, end - stretch, clump);
    if (events.total > 0 && hidden_share(events) <= kept) break;
    if (least_share(events, doubt) > kept) out = events_now(events) / events.bad;
  }
  return out;
}

// What the bets would have won at most.
double noise_of(const std::vector<Arrival>& arrivals, double bound, double clump) {
  Bets bets;
  bets.bound = bound;
  double most = 1;
  for (const auto& arrival : arrivals) {
    settle_ratio_bets(bets, arrival.events, clump, stake(bets, static_cast<double>(arrivals.size())));
    most = std::max(most, won(bets));
  }
  return most;
}

// In a second, as the value of the rule is told.
double rate_of(const std::vector<Arrival>& arrivals) {
  Events all;
  for (const auto& arrival : arrivals) add(all, arrival.events);
  const auto span = std::chrono::duration<double>(arrivals.back().at - arrivals.front().at).count();
  return span > 0 ? events_now(all) / span : 0;
}

void keep(const Rule& rule, const std::vector<Arrival>& arrivals, WallTime end, RuleState& state) {
  auto now = state.share.value_or(ShareState{});
  const auto kept = baseline_share(rule.objective.bound);
  now.clump = clump_of(arrivals);
  const auto standing = standing_ratio(arrivals, end, kept, now.clump);
  state.past.breached = standing.has_value();
  state.past.value = standing ? std::optional(rate_of(arrivals)) : std::nullopt;
  // No verdict rests on what was won before the past was known.
  now.decided = false;
  const auto bound = standing ? baseline_share(std::max(least_ratio, *standing / clearly_worse_by)) : kept;
  now.bets = begun_anew(now.bets, bound);
  now.bets.noise = std::min(noise_of(arrivals, bound, now.clump), most_needed * (1 - rule.count->confidence));
  state.share = std::move(now);
}

}  // namespace

void read_count_before(const CountBefore& before, const CountAnswer& answer, RuleState& state) {
  auto& past = state.past;
  const bool failed =
      !answer.events || std::ranges::any_of(answer.baselines, [](const auto& told) { return !told.second; });
  if (failed) {
    past.known = ++past.failed_reads >= enough_failed_reads;
    return;
  }
  past.known = true;
  const auto mine = own(*answer.events, before.subject);
  const auto end = newest(mine);
  const auto asked_at = span_end(before.switch_began, before.group.interval);
  const auto baseline = choose_baseline(before.rule, before.subject, answer, {before.switch_began, asked_at});
  if (!end || !baseline) return;
  const Counting counting{*end - share_before_length(before.group, past.failed_reads), *end, before.group.interval,
                          scrape_interval(mine)};
  ShareState counted;
  const auto arrivals =
      new_arrivals(counted, count_against(mine, baseline->samples, baseline->distance, counting), counting);
  if (!arrivals.empty()) keep(before.rule, arrivals, *end, state);
}

}  // namespace guard::core
