// SPDX-License-Identifier: Apache-2.0
#include "guard/core/fleet.hpp"

namespace guard::core {

void Fleet::put(WatchPtr watch) {
  const auto& id = watch->spec.id;
  places_[watch->spec.place()].insert(id);
  if (is_final(watch->phase))
    open_.erase(id);
  else
    open_.insert(id);
  watches_[id] = std::move(watch);
}

void Fleet::erase(const std::string& id) {
  const auto it = watches_.find(id);
  if (it == watches_.end()) return;
  const auto place = places_.find(it->second->spec.place());
  place->second.erase(id);
  if (place->second.empty()) places_.erase(place);
  open_.erase(id);
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

void Fleet::erase_freezes(WallTime before) {
  std::erase_if(freezes_, [&](const auto& entry) { return entry.second.span.until < before; });
}

void Fleet::clear() {
  freezes_.clear();
  seen_.clear();
  watches_.clear();
  places_.clear();
  open_.clear();
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

void Fleet::for_each(const std::function<void(const Watch&)>& visit) const {
  for (const auto& [id, watch] : watches_) visit(*watch);
}

}  // namespace guard::core
