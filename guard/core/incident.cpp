// SPDX-License-Identifier: Apache-2.0
#include "guard/core/incident.hpp"

#include "guard/core/share.hpp"

#include <algorithm>
#include <iterator>

namespace guard::core {
namespace {

// What spans less is kept as one with what follows, so that a minute is never more than nine.
constexpr Duration together = std::chrono::seconds(8);
// How much of an arrival failed must be 95% sure where it tells for how long.
constexpr double doubt = 0.05;

// As one with the last; at the time of the later, so that nothing of it is older than it is taken for.
void keep(std::vector<Arrival>& minute, const Arrival& arrival) {
  const auto kept = minute.size();
  if (kept < 2 || minute[kept - 1].at - minute[kept - 2].at >= together) return minute.push_back(arrival);
  minute.back().over += arrival.at - minute.back().at;
  minute.back().at = arrival.at;
  add(minute.back().events, arrival.events);
}

// Of the incident.
double worst_of_minute(const ShareState& state) {
  double worst = 0;
  for (const auto& arrival : state.minute)
    if (arrival.at > state.incident.since) worst = std::max(worst, share(arrival.events));
  return worst;
}

// What is as bad as the worst all along fails all the time that an arrival is counted over, and what began or ended
// within it a part of that time: for so long it surely did.
Duration surely_failing(const Arrival& arrival, double worst) {
  const auto part = std::min(1.0, least_share(arrival.events, doubt) / worst);
  return std::chrono::duration_cast<Duration>(part * std::chrono::duration<double, Duration::period>(arrival.over));
}

// Arrivals lie as far apart as scrapes do, and a minute may be over between two of them.
bool spans_a_minute(const ShareState& state, double worst) {
  const auto& latest = state.minute.back();
  const auto until = latest.at - latest.over + surely_failing(latest, worst);
  return std::ranges::any_of(state.minute, [&](const Arrival& arrival) {
    const bool is_like = arrival.at > state.incident.since && share(arrival.events) >= worst * like_the_worst;
    return is_like && until - (arrival.at - surely_failing(arrival, worst)) > short_incident;
  });
}

}  // namespace

double share(const Events& events) {
  return events.total > 0 ? std::min(1.0, events.bad / events.total) : 0;
}

void add(Events& to, const Events& more) {
  to.bad += more.bad;
  to.total += more.total;
}

void follow(ShareState& state, const Arrival& arrival, double bound) {
  auto& incident = state.incident;
  if (incident.excess <= 0) incident.since = arrival.at - arrival.over;
  incident.excess = std::max(0.0, incident.excess + arrival.events.bad - bound * arrival.events.total);
  const bool on = incident.excess > 0;
  if (!on) incident = {};
  const auto older = std::ranges::find_if(
      state.minute, [&](const Arrival& earlier) { return arrival.at - earlier.at <= short_incident; });
  for (auto it = state.minute.begin(); on && it != older; ++it)
    if (it->at > incident.since) incident.earlier = std::max(incident.earlier, share(it->events));
  state.minute.erase(state.minute.begin(), older);
  keep(state.minute, arrival);
  if (on) add(incident.events, arrival.events);
}

Events last_minute(const ShareState& state) {
  Events out;
  for (const auto& arrival : state.minute) add(out, arrival.events);
  return out;
}

bool came_back(const ShareState& state) {
  if (state.incident.earlier <= 0 || state.minute.empty()) return false;
  const auto is_like = [like = state.incident.earlier * like_the_worst](const Arrival& arrival) {
    return share(arrival.events) >= like;
  };
  return is_like(state.minute.back()) && std::none_of(state.minute.begin(), std::prev(state.minute.end()), is_like);
}

bool has_lasted(const ShareState& state) {
  const auto worst = worst_of_minute(state);
  if (state.incident.earlier > 0 && state.incident.earlier >= worst * like_the_worst) return true;
  return worst > 0 && spans_a_minute(state, worst);
}

bool may_end_by_itself(const ShareState& state) {
  const auto now = state.minute.empty() ? 0 : share(state.minute.back().events);
  return !has_lasted(state) || now < worst_of_minute(state) * like_the_worst;
}

}  // namespace guard::core
