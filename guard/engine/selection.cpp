// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/selection.hpp"

#include <algorithm>
#include <utility>

namespace guard::engine {

std::vector<WatchPtr> matching(const Watches& watches, const ReleaseFilter& filter) {
  std::vector<WatchPtr> found;
  for (const auto& [id, watch] : watches) {
    const bool wanted = (filter.service.empty() || filter.service == watch->spec.service) &&
                        (filter.environment.empty() || filter.environment == watch->spec.environment) &&
                        (!filter.open_only || !core::is_final(watch->phase));
    if (wanted) found.push_back(watch);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->announced_at > b->announced_at; });
  return found;
}

namespace {

using Place = std::pair<std::string_view, std::string_view>;

std::map<Place, WatchPtr> newest_by_place(const Watches& watches) {
  std::map<Place, WatchPtr> places;
  for (const auto& [id, watch] : watches) {
    auto& newest = places[{watch->spec.service, watch->spec.environment}];
    const bool newer = !newest || newest->announced_at <= watch->announced_at;
    if (!newest || newest->never_came() || (newer && !watch->never_came())) newest = watch;
  }
  return places;
}

}  // namespace

std::vector<WatchPtr> newest_of_each_place(const Watches& watches) {
  std::vector<WatchPtr> out;
  for (const auto& [place, watch] : newest_by_place(watches)) out.push_back(watch);
  return out;
}

std::vector<WatchPtr> current_of(const Watches& watches, WallTime since) {
  const auto newest = newest_by_place(watches);
  std::vector<WatchPtr> out;
  for (const auto& [id, watch] : watches) {
    const bool recent = !watch->ended_at || *watch->ended_at >= since;
    const bool unresolved = watch->phase == core::Phase::rollback_failed &&
                            newest.at({watch->spec.service, watch->spec.environment})->announced_at <= watch->ended_at;
    if (recent || unresolved) out.push_back(watch);
  }
  return out;
}

}  // namespace guard::engine
