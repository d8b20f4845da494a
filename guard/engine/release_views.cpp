// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/release_views.hpp"

#include "guard/core/delivery.hpp"
#include "guard/core/succession.hpp"
#include "guard/engine/fleet_queries.hpp"
#include "guard/story/explain.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace guard::engine {
namespace {

std::vector<story::ReleaseView> views_of(const std::vector<WatchPtr>& watches, Instant now) {
  std::vector<story::ReleaseView> views;
  for (const auto& watch : watches) views.push_back(story::view_of(*watch, now));
  return views;
}

}  // namespace

std::unexpected<Error> no_release(const std::string& id) {
  return fail(ErrorCode::not_found, fmt::format("there is no release \"{}\"", id));
}

Result<story::ReleaseView> ReleaseViews::one(const std::string& id) const {
  const auto watch = parts_.ledger.find(id);
  if (!watch) return no_release(id);
  const auto now = parts_.clock.now();
  const auto& fleet = parts_.ledger.fleet();
  auto view = story::view_of(*watch, now, core::brake_state(fleet, *watch, parts_.brakes(), now));
  if (const auto* good = core::last_good(fleet, *watch))
    view.last_good = story::LastGood{good->spec.version, good->spec.id, good->ended_at.value_or(WallTime{})};
  return view;
}

std::vector<story::ReleaseView> ReleaseViews::matching(const ReleaseFilter& filter) const {
  const auto now = parts_.clock.now();
  return views_of(engine::matching(parts_.ledger.fleet(), filter, now), now);
}

story::DeliveryView ReleaseViews::figures(const FiguresQuery& query) const {
  const auto now = parts_.clock.now().wall;
  const auto kept = std::min(query.since, parts_.retention);
  return story::delivery_view(core::deliveries(parts_.ledger.fleet(), {query.places, {now - kept, now}}),
                              {now - query.since, now}, parts_.retention);
}

std::function<std::vector<story::ReleaseView>()> ReleaseViews::speaking_for_places() const {
  const auto now = parts_.clock.now();
  return [watches = engine::speaking_for_places(parts_.ledger.fleet(), now), now] { return views_of(watches, now); };
}

std::vector<story::ReleaseView> ReleaseViews::current(Duration after_end) const {
  const auto now = parts_.clock.now();
  return views_of(current_of(parts_.ledger.fleet(), after_end, now), now);
}

}  // namespace guard::engine
