// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/selection.hpp"

#include "guard/engine/next_steps.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace guard::engine {

std::vector<WatchPtr> matching(const Watches& watches, const ReleaseFilter& filter, Instant now) {
  std::vector<WatchPtr> found;
  for (const auto& [id, watch] : watches) {
    const bool wanted =
        (filter.service.empty() || filter.service == watch->spec.service) &&
        (filter.environment.empty() || filter.environment == watch->spec.environment) &&
        (!filter.open_only || !core::is_final(watch->phase)) &&
        (filter.phases.empty() || std::ranges::find(filter.phases, watch->phase) != filter.phases.end()) &&
        (!filter.needs_person_only || !person_needed(*watch, now).empty());
    if (wanted) found.push_back(watch);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->announced_at > b->announced_at; });
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

std::vector<std::string> environments_of(const Watches& watches) {
  std::set<std::string> names;
  for (const auto& [id, watch] : watches) names.insert(watch->spec.environment);
  return {names.begin(), names.end()};
}

namespace {

using Place = std::pair<std::string_view, std::string_view>;

std::map<Place, WatchPtr> newest_by_place(const Watches& watches) {
  std::map<Place, WatchPtr> places;
  for (const auto& [id, watch] : watches) {
    auto& newest = places[{watch->spec.service, watch->spec.environment}];
    const auto rank = [](const core::Watch& of) { return std::pair(!of.never_came(), of.announced_at); };
    if (!newest || rank(*newest) <= rank(*watch)) newest = watch;
  }
  return places;
}

}  // namespace

std::vector<WatchPtr> speaking_for_places(const Watches& watches, Instant now) {
  std::vector<WatchPtr> out;
  const auto newest = newest_by_place(watches);
  for (const auto& [id, watch] : watches) {
    const bool is_newest = newest.at({watch->spec.service, watch->spec.environment}) == watch;
    if (is_newest || !person_needed(*watch, now).empty()) out.push_back(watch);
  }
  return out;
}

std::vector<WatchPtr> current_of(const Watches& watches, Duration after_end, Instant now) {
  std::vector<WatchPtr> out;
  for (const auto& [id, watch] : watches) {
    const bool recent = !watch->ended_at || *watch->ended_at >= now.wall - after_end;
    if (recent || !person_needed(*watch, now).empty()) out.push_back(watch);
  }
  return out;
}

}  // namespace guard::engine
