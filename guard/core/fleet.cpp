// SPDX-License-Identifier: Apache-2.0
#include "guard/core/fleet.hpp"

#include <algorithm>

namespace guard::core {
namespace {

bool is_in_breach(const Watch& watch) {
  if (!is_judged(watch.phase) || watch.phase == Phase::verifying) return false;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (watch.group->rules[i].action != Action::warn && watch.rules[i].in_breach) return true;
  return false;
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
  places_[watch->spec.place()].insert(id);
  keep_if(!is_final(watch->phase), id, open_);
  keep_if(is_in(*watch, FleetPart::broken), id, broken_);
  keep_if(is_in(*watch, FleetPart::freezing), id, freezing_);
  watches_[id] = std::move(watch);
}

void Fleet::erase(const std::string& id) {
  const auto it = watches_.find(id);
  if (it == watches_.end()) return;
  const auto place = places_.find(it->second->spec.place());
  place->second.erase(id);
  if (place->second.empty()) places_.erase(place);
  for (auto* index : {&open_, &broken_, &freezing_}) index->erase(id);
  watches_.erase(it);
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
  for (auto* index : {&open_, &broken_, &freezing_}) index->clear();
}

WatchPtr Fleet::get(const std::string& id) const {
  const auto it = watches_.find(id);
  return it == watches_.end() ? nullptr : it->second;
}

std::vector<const Watch*> Fleet::at(const Place& place) const {
  std::vector<const Watch*> out;
  if (const auto ids = places_.find(place); ids != places_.end())
    for (const auto& id : ids->second) out.push_back(find(id));
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
