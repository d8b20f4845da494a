// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share_before.hpp"

#include "guard/core/arrivals.hpp"
#include "guard/core/before_release.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/incident.hpp"

#include <algorithm>
#include <array>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// Some hundred samples of each series; what happened longer ago tells less.
constexpr Duration longest_before = 1h;
// An incident that stands when the switch begins has begun at any time before.
constexpr std::array<Duration, 4> stretches{2min, 5min, 15min, 1h};
// One failure of five requests is no incident: that the share was above the objective must be 99% sure.
constexpr double doubt = 0.01;
// Clearly worse than it was, as for any rule (model::clearly_worse).
constexpr double clearly_worse_by = 1.5;

// An incident that stands at the end, as far as it can be told from one that ends by itself.
bool stands(const std::vector<Arrival>& arrivals, double objective) {
  ShareState state;
  auto before = arrivals.empty() ? WallTime{} : arrivals.front().at;
  for (const auto& arrival : arrivals) {
    follow(state, arrival, before, objective);
    before = arrival.at;
  }
  return state.incident.excess > 0 && !may_end_by_itself(state);
}

// The worst of the shares that stood until the end and were surely above the objective: what was seen, and the most
// that this release may have without being clearly worse.
struct Standing {
  double share = 0;
  double bound = 0;
};
std::optional<Standing> standing_share(const std::vector<Arrival>& arrivals, WallTime end, double objective) {
  std::optional<Standing> worst;
  if (!stands(arrivals, objective)) return worst;
  for (const auto stretch : stretches) {
    Events events;
    for (const auto& arrival : arrivals)
      if (arrival.at > end - stretch) add(events, arrival.events);
    if (events.total > 0 && hidden_share(events) <= objective) break;  // it has surely ended, so long ago at least
    if (least_share(events, doubt) <= objective || (worst && worst->share >= share(events))) continue;
    worst = {share(events), std::min(1.0, std::max(clearly_worse_by * share(events), hidden_share(events)))};
  }
  return worst;
}

// What the bets would have won at most. An incident that ended by itself is noise as well; but however bad it was, it
// asks for as much again as a breach needs at most: an outage after an outage is found a minute later, and not never.
double noise_of(const std::vector<Arrival>& arrivals, double bound, double expected) {
  Bets bets;
  bets.bound = bound;
  double most = 1;
  for (const auto& arrival : arrivals) {
    settle_bets(bets, arrival.events, stake(bets, expected));
    most = std::max(most, won(bets));
  }
  return most;
}

}  // namespace

Duration share_before_length(const RuleGroup& group, int failed_reads) {
  return std::min(group.window, longest_before) / (1 << 2 * std::min(failed_reads, enough_failed_reads));
}

void read_share_before(const Rule& rule, const RuleGroup& group, const Subject& before, const ShareAnswer& answer,
                       RuleState& state) {
  auto& past = state.past;
  if (!answer.total || !answer.part) {
    past.known = ++past.failed_reads >= enough_failed_reads;
    return;
  }
  past.known = true;
  const Counters counters{own(*answer.total, before), own(*answer.part, before), rule.share->part_is_good};
  if (counters.total.empty()) return;
  const auto end = std::ranges::max(counters.total, {}, &Sample::at).at;
  const Counting counting{end - share_before_length(group, past.failed_reads), end, group.interval};
  const auto events = count_events(counters, counting);
  if (!events) return;
  ShareState counted;
  const auto arrivals = new_arrivals(counted, *events, counting);
  auto now = state.share.value_or(ShareState{});
  const auto standing = standing_share(arrivals, end, rule.objective.bound);
  past.breached = standing.has_value();
  past.value = standing ? std::optional(standing->share) : std::nullopt;
  // No verdict rests on what was won before the past was known.
  now.decided = false;
  const auto bound = standing ? standing->bound : rule.objective.bound;
  if (standing) now.bets = begun_anew(now.bets, bound);
  now.bets.bound = bound;
  now.bets.noise =
      std::min(noise_of(arrivals, bound, static_cast<double>(arrivals.size())), 1 / (1 - rule.share->confidence));
  state.share = std::move(now);
}

}  // namespace guard::core
