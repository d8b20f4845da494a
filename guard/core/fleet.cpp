// SPDX-License-Identifier: Apache-2.0
#include "guard/core/fleet.hpp"

#include "guard/core/person_needed.hpp"

#include <algorithm>

namespace guard::core {
namespace {

bool is_in_breach(const Watch& watch) {
  if (!is_judged(watch.phase) || watch.phase == Phase::verifying) return false;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (watch.group->rules[i].action != Action::warn && watch.rules[i].in_breach) return true;
  return false;
}

Standing standing_of(const Watch& watch) {
  return {!watch.never_came(), watch.announced_at, watch.spec.id};
}

void keep_if(bool belongs, const std::string& id, std::set<std::string>& in) {
  if (belongs)
    in.insert(id);
  else
    in.erase(id);
}

}  // namespace

bool breaks(const Watch& watch, WallTime since) {
  const bool decided = std::ranges::any_of(watch.decisions, [&](const Decision& decision) {
    return decision.trigger != Trigger::manual && decision.trigger != Trigger::window && decision.at >= since;
  });
  return decided || is_in_breach(watch);
}

bool is_in(const Watch& watch, FleetPart part) {
  switch (part) {
    case FleetPart::all:
      return true;
    case FleetPart::broken:
      return breaks(watch, WallTime::min());
    case FleetPart::freezing:
      return watch.freeze.has_value();
  }
  return true;
}

void Fleet::put(WatchPtr watch) {
  const auto& id = watch->spec.id;
  if (const auto known = get(id)) unlist(*known);
  places_[watch->spec.place()].insert(standing_of(*watch));
  if (watch->ended_at) ended_.emplace(*watch->ended_at, id);
  if (watch->live_at) live_.emplace(*watch->live_at, id);
  keep_if(!is_final(watch->phase), id, open_);
  keep_if(is_left_to_person(*watch), id, left_to_person_);
  keep_if(is_in(*watch, FleetPart::broken), id, broken_);
  keep_if(is_in(*watch, FleetPart::freezing), id, freezing_);
  watches_[id] = std::move(watch);
}

void Fleet::erase(const std::string& id) {
  const auto it = watches_.find(id);
  if (it == watches_.end()) return;
  unlist(*it->second);
  for (auto* index : {&open_, &left_to_person_, &broken_, &freezing_}) index->erase(id);
  watches_.erase(it);
}

void Fleet::unlist(const Watch& watch) {
  const auto place = places_.find(watch.spec.place());
  place->second.erase(standing_of(watch));
  if (place->second.empty()) places_.erase(place);
  if (watch.ended_at) ended_.erase({*watch.ended_at, watch.spec.id});
  if (watch.live_at) live_.erase({*watch.live_at, watch.spec.id});
}

void Fleet::put(Freeze freeze) {
  auto id = freeze.id;
  freezes_.insert_or_assign(std::move(id), std::move(freeze));
}

void Fleet::put(SeenVersion seen) {
  const auto place = seen.place;
  seen_.insert_or_assign(place, std::move(seen));
}

std::optional<SeenVersion> Fleet::seen(const Place& place) const {
  const auto it = seen_.find(place);
  return it == seen_.end() ? std::nullopt : std::optional(it->second);
}

void Fleet::clear() {
  freezes_.clear();
  seen_.clear();
  watches_.clear();
  places_.clear();
  ended_.clear();
  live_.clear();
  for (auto* index : {&open_, &left_to_person_, &broken_, &freezing_}) index->clear();
}

WatchPtr Fleet::get(const std::string& id) const {
  const auto it = watches_.find(id);
  return it == watches_.end() ? nullptr : it->second;
}

std::set<std::string> Fleet::ended_since(WallTime time) const {
  std::set<std::string> ids;
  for (auto it = ended_.lower_bound({time, ""}); it != ended_.end(); ++it) ids.insert(it->second);
  return ids;
}

std::vector<const Watch*> Fleet::live_between(WallTime from, WallTime until) const {
  std::vector<const Watch*> out;
  for (auto it = live_.lower_bound({from, ""}); it != live_.end() && it->first <= until; ++it)
    out.push_back(find(it->second));
  return out;
}

std::vector<const Watch*> Fleet::at(const Place& place) const {
  std::vector<const Watch*> out;
  if (const auto known = places_.find(place); known != places_.end())
    for (const auto& standing : known->second) out.push_back(find(standing.id));
  std::ranges::sort(out, {}, [](const Watch* watch) -> const std::string& { return watch->spec.id; });
  return out;
}

void Fleet::for_each(FleetPart part, const std::function<void(const Watch&)>& visit) const {
  if (part == FleetPart::all) {
    for (const auto& [id, watch] : watches_) visit(*watch);
    return;
  }
  for (const auto& id : part == FleetPart::broken ? broken_ : freezing_) visit(*watches_.at(id));
}

}  // namespace guard::core
