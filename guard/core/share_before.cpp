// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share_before.hpp"

#include "guard/core/arrivals.hpp"
#include "guard/core/before_release.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/evaluation.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share_bounds.hpp"

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

// What came last is surely not like the worst of the last minute, as between the bursts of a service that has them.
bool seems_over(const ShareState& state) {
  double worst = 0;
  for (const auto& arrival : state.minute) worst = std::max(worst, share(arrival.events));
  return hidden_share(state.minute.back().events) < like_the_worst * worst;
}

// The share of bad events in the incident that stands at the end, as far as it can be told from one that ends by
// itself.
std::optional<double> standing_incident(const std::vector<Arrival>& arrivals, double objective) {
  ShareState state;
  auto before = arrivals.empty() ? WallTime{} : arrivals.front().at;
  for (const auto& arrival : arrivals) {
    follow(state, arrival, before, objective);
    before = arrival.at;
  }
  if (state.incident.excess <= 0 || !has_lasted(state, objective) || seems_over(state)) return std::nullopt;
  return share(state.incident.events);
}

Events within(const std::vector<Arrival>& arrivals, WallTime after) {
  Events out;
  for (const auto& arrival : arrivals)
    if (arrival.at > after) add(out, arrival.events);
  return out;
}

// Then an incident of the time before has ended.
bool surely_kept(const Events& events, double objective) {
  return events.total > 0 && hidden_share(events) <= objective;
}

// What was seen of it, and the most that this release may have without being clearly worse: than in the worst of the
// stretches up to the end in which the share was surely above the objective.
struct StandingShare {
  double share = 0;
  double bound = 0;
};
std::optional<StandingShare> standing_share(const std::vector<Arrival>& arrivals, WallTime end, double objective) {
  std::optional<StandingShare> out;
  const auto incident = standing_incident(arrivals, objective);
  if (!incident) return out;
  if (surely_kept(within(arrivals, end - short_incident), objective)) return out;
  for (const auto stretch : stretches) {
    const auto events = within(arrivals, end - stretch);
    if (surely_kept(events, objective)) break;
    if (least_share(events, doubt) <= objective) continue;
    const auto bound = std::min(1.0, std::max(clearly_worse_by * share(events), hidden_share(events)));
    out = {*incident, std::max(out ? out->bound : 0, bound)};
  }
  return out;
}

// What the bets would have won at most. An incident that ended by itself is noise as well, up to a bound.
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
  const auto read = counters_of(*rule.share, before, answer);
  if (!read || read->counters.total.empty()) return;
  const auto& counters = read->counters;
  const auto end = std::ranges::max(counters.total, {}, &Sample::at).at;
  const Counting counting{end - share_before_length(group, past.failed_reads), end, group.interval,
                          scrape_interval(counters.total)};
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
  now.bets.noise = std::min(noise_of(arrivals, bound, static_cast<double>(arrivals.size())),
                            most_needed * (1 - rule.share->confidence));
  state.share = std::move(now);
}

}  // namespace guard::core
