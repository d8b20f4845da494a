// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/fleet_queries.hpp"

#include "guard/core/person_needed.hpp"

#include <algorithm>
#include <set>

namespace guard::engine {

namespace {

bool is_wanted(const model::Watch& watch, const ReleaseFilter& filter, Instant now) {
  return filter.places.contain(watch.spec.place()) && (!filter.open_only || !model::is_final(watch.phase)) &&
         (filter.phases.empty() || std::ranges::find(filter.phases, watch.phase) != filter.phases.end()) &&
         (!filter.needs_person_only || core::person_needed(watch, now));
}

}  // namespace

std::vector<WatchPtr> matching(const Fleet& fleet, const ReleaseFilter& filter, Instant now) {
  std::vector<WatchPtr> found;
  const auto add = [&](const std::string& id) {
    if (auto watch = fleet.get(id); is_wanted(*watch, filter, now)) found.push_back(std::move(watch));
  };
  if (filter.open_only)
    std::ranges::for_each(fleet.open(), add);
  else
    for (const auto& [place, standings] : fleet.places())
      if (filter.places.contain(place)) std::ranges::for_each(standings, add, &core::Standing::id);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->announced_at > b->announced_at; });
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

std::vector<std::string> environments_of(const Fleet& fleet) {
  std::set<std::string> names;
  for (const auto& [place, standings] : fleet.places()) names.insert(place.environment);
  return {names.begin(), names.end()};
}

namespace {

std::vector<WatchPtr> watches_of(const Fleet& fleet, const std::set<std::string>& ids) {
  std::vector<WatchPtr> out;
  for (const auto& id : ids) out.push_back(fleet.get(id));
  return out;
}

}  // namespace

std::vector<WatchPtr> speaking_for_places(const Fleet& fleet, Instant now) {
  auto ids = fleet.left_to_person();
  for (const auto& [place, standings] : fleet.places()) ids.insert(standings.rbegin()->id);
  for (const auto& id : fleet.open())
    if (core::person_needed(*fleet.get(id), now)) ids.insert(id);
  return watches_of(fleet, ids);
}

std::vector<WatchPtr> current_of(const Fleet& fleet, Duration after_end, Instant now) {
  auto ids = fleet.ended_since(now.wall - after_end);
  ids.insert(fleet.open().begin(), fleet.open().end());
  ids.insert(fleet.left_to_person().begin(), fleet.left_to_person().end());
  return watches_of(fleet, ids);
}

}  // namespace guard::engine
