// SPDX-License-Identifier: Apache-2.0
#include "guard/core/incident.hpp"

#include "guard/core/share_bounds.hpp"

#include <algorithm>
#include <iterator>

namespace guard::core {
namespace {

// What spans less is kept as one with what follows, so that a minute is never more than ten.
constexpr Duration together = std::chrono::seconds(7);

// As one with the last; at the time of the later, so that nothing of it is older than it is taken for.
void keep(std::vector<Arrival>& minute, const Arrival& arrival) {
  const auto kept = minute.size();
  if (kept < 2 || minute[kept - 1].at - minute[kept - 2].at >= together) return minute.push_back(arrival);
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

// What chance explains no more often tells something.
constexpr double doubt = 0.05;

// Of the incident.
Events older_than_a_minute(const ShareState& state) {
  auto out = state.incident.events;
  for (const auto& arrival : state.minute)
    if (arrival.at > state.incident.since) add(out, {-arrival.events.bad, -arrival.events.total});
  return out;
}

// How nearly whole the first and the last arrival must be: of what fails in them, and of how much. Together these leave
// no room for an incident of a minute, also where those who failed come back at once and add to the failures of a part.
constexpr double nearly_whole = 0.85;
constexpr double nearly_as_many = 0.75;
// The last arrival is no longer than the others, but for what scrapes jitter.
constexpr double about_as_long = 1.25;

bool is_whole(const Events& arrival, const Events& between, double arrivals) {
  return arrival.bad >= nearly_as_many * between.bad / arrivals &&
         least_share(arrival, doubt) >= nearly_whole * share(between);
}

// An arrival that was missed, or had to wait for another, is in the next one: that is of more than its part of a
// minute.
bool last_is_as_long(const std::vector<Arrival>& minute) {
  const auto last = minute.back().at - minute[minute.size() - 2].at;
  const auto all = minute.back().at - minute.front().at;
  return static_cast<double>(last.count()) * static_cast<double>(minute.size() - 1) <=
         about_as_long * static_cast<double>(all.count());
}

bool is_whole_for_a_minute(const ShareState& state) {
  const auto& minute = state.minute;
  if (minute.size() < 3) return false;
  const auto& first = minute.front();
  const auto& last = minute.back();
  if (first.at <= state.incident.since || last.at - first.at < a_minute_apart || !last_is_as_long(minute)) return false;
  Events between;
  for (auto it = minute.begin() + 1; it != minute.end() - 1; ++it) add(between, it->events);
  const auto arrivals = static_cast<double>(minute.size() - 2);
  const bool throughout = share(between) >= nearly_whole * std::max(share(first.events), share(last.events));
  return throughout && is_whole(first.events, between, arrivals) && is_whole(last.events, between, arrivals);
}

}  // namespace

double share(const Events& events) {
  return events.total > 0 ? std::min(1.0, events.bad / events.total) : 0;
}

void add(Events& to, const Events& more) {
  to.bad += more.bad;
  to.total += more.total;
}

void follow(ShareState& state, const Arrival& arrival, WallTime before, double bound) {
  auto& incident = state.incident;
  if (incident.excess <= 0) incident.since = before;
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

WallTime will_have_lasted(const ShareState& state) {
  const auto like = worst_of_minute(state) * like_the_worst;
  for (const auto& arrival : state.minute)
    if (arrival.at > state.incident.since && share(arrival.events) >= like) return arrival.at + short_incident;
  return state.incident.since + short_incident;
}

bool came_back(const ShareState& state) {
  if (state.incident.earlier <= 0 || state.minute.empty()) return false;
  const auto is_like = [like = state.incident.earlier * like_the_worst](const Arrival& arrival) {
    return share(arrival.events) >= like;
  };
  return is_like(state.minute.back()) && std::none_of(state.minute.begin(), std::prev(state.minute.end()), is_like);
}

bool has_lasted(const ShareState& state, double bound) {
  const auto& incident = state.incident;
  const bool seen_before = incident.earlier > 0 && incident.earlier >= worst_of_minute(state) * like_the_worst;
  return (seen_before && least_share(older_than_a_minute(state), doubt) > bound) || is_whole_for_a_minute(state);
}

bool may_end_by_itself(const ShareState& state, double bound) {
  const auto now = state.minute.empty() ? 0 : share(state.minute.back().events);
  return !has_lasted(state, bound) || now < worst_of_minute(state) * like_the_worst;
}

}  // namespace guard::core
