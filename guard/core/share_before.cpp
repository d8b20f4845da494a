// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share_before.hpp"

#include "guard/core/arrivals.hpp"
#include "guard/core/before_release.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/incident.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// Some hundred samples of each series; what happened longer ago tells less.
constexpr Duration longest_before = 1h;
// An incident that stands when the switch begins has begun at any time before.
constexpr std::array<Duration, 5> stretches{1min, 2min, 5min, 15min, 1h};
// One failure of five requests is no incident: that the share was above the objective must be 99% sure.
constexpr double doubt = 0.01;
// Clearly worse than it was, as for any rule (model::clearly_worse).
constexpr double clearly_worse_by = 1.5;

// The least share that explains what was seen (Clopper, Pearson 1934).
double least_share(const Events& events) {
  const auto total = std::round(events.total);
  const auto bad = std::min(total, std::round(events.bad));
  if (total < 1 || bad < 1) return 0;
  return boost::math::binomial_distribution<>::find_lower_bound_on_p(total, bad, doubt);
}

// The worst of the shares that stood until the end and were surely above the objective.
std::optional<double> standing_share(const std::vector<Arrival>& arrivals, WallTime end, double objective) {
  std::optional<double> worst;
  for (const auto stretch : stretches) {
    Events events;
    for (const auto& arrival : arrivals)
      if (arrival.at > end - stretch) add(events, arrival.events);
    if (least_share(events) > objective) worst = std::max(worst.value_or(0), share(events));
  }
  return worst;
}

// What the bets would have won at most. An incident that ended by itself is noise as well.
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

Duration share_before_length(const RuleGroup& group) {
  return std::min(group.window, longest_before);
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
  const Counting counting{end - share_before_length(group), end, group.interval};
  const auto events = count_events(counters, counting);
  if (!events) return;
  ShareState counted;
  const auto arrivals = new_arrivals(counted, *events, counting);
  auto now = state.share.value_or(ShareState{});
  past.value = standing_share(arrivals, end, rule.objective.bound);
  past.breached = past.value.has_value();
  now.bets.bound = past.breached ? std::min(1.0, clearly_worse_by * *past.value) : rule.objective.bound;
  now.bets.wealth.fill(0);
  now.bets.noise = noise_of(arrivals, now.bets.bound, static_cast<double>(arrivals.size()));
  state.share = std::move(now);
}

}  // namespace guard::core
