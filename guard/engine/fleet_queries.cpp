// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/fleet_queries.hpp"

#include "guard/core/person_needed.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace guard::engine {

namespace {

bool is_wanted(const model::Watch& watch, const ReleaseFilter& filter, Instant now) {
  return (filter.service.empty() || filter.service == watch.spec.service) &&
         (filter.environment.empty() || filter.environment == watch.spec.environment) &&
         (!filter.open_only || !model::is_final(watch.phase)) &&
         (filter.phases.empty() || std::ranges::find(filter.phases, watch.phase) != filter.phases.end()) &&
         (!filter.needs_person_only || core::person_needed(watch, now));
}

}  // namespace

std::vector<WatchPtr> matching(const Fleet& fleet, const ReleaseFilter& filter, Instant now) {
  std::vector<WatchPtr> found;
  const auto add = [&](const WatchPtr& watch) {
    if (is_wanted(*watch, filter, now)) found.push_back(watch);
  };
  const auto place = fleet.places().find({filter.service, filter.environment});
  if (filter.open_only)
    for (const auto& id : fleet.open()) add(fleet.get(id));
  else if (place != fleet.places().end())
    for (const auto& id : place->second) add(fleet.get(id));
  else
    for (const auto& [id, watch] : fleet) add(watch);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->announced_at > b->announced_at; });
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

std::vector<std::string> environments_of(const Fleet& fleet) {
  std::set<std::string> names;
  for (const auto& [place, ids] : fleet.places()) names.insert(place.environment);
  return {names.begin(), names.end()};
}

namespace {

std::map<model::Place, WatchPtr> newest_by_place(const Fleet& fleet) {
  std::map<model::Place, WatchPtr> places;
  for (const auto& [id, watch] : fleet) {
    auto& newest = places[watch->spec.place()];
    const auto rank = [](const model::Watch& of) { return std::pair(!of.never_came(), of.announced_at); };
    if (!newest || rank(*newest) <= rank(*watch)) newest = watch;
  }
  return places;
}

}  // namespace

std::vector<WatchPtr> speaking_for_places(const Fleet& fleet, Instant now) {
  std::vector<WatchPtr> out;
  const auto newest = newest_by_place(fleet);
  for (const auto& [id, watch] : fleet) {
    const bool is_newest = newest.at(watch->spec.place()) == watch;
    if (is_newest || core::person_needed(*watch, now)) out.push_back(watch);
  }
  return out;
}

std::vector<WatchPtr> current_of(const Fleet& fleet, Duration after_end, Instant now) {
  std::vector<WatchPtr> out;
  for (const auto& [id, watch] : fleet) {
    const bool recent = !watch->ended_at || *watch->ended_at >= now.wall - after_end;
    if (recent || core::person_needed(*watch, now)) out.push_back(watch);
  }
  return out;
}

}  // namespace guard::engine
