// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/found_release.hpp"

#include "guard/base/digest.hpp"
#include "guard/core/beginning.hpp"
#include "guard/core/succession.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using model::Watch;

bool is_deploying(const Draft& draft, const model::Place& place, const std::string& version) {
  return std::ranges::any_of(draft.at(place), [&](const Watch* watch) {
    return watch->phase == model::Phase::deploying && core::is_same_version(watch->spec.version, version);
  });
}

// What is said to be live since then may not have been seen yet.
bool is_overtaken(const Draft& draft, const model::Place& place, WallTime live_at) {
  return std::ranges::any_of(draft.at(place),
                             [&](const Watch* watch) { return watch->live_at && *watch->live_at >= live_at; });
}

// By hand: what it puts back is what the last release replaced.
bool goes_back(const core::FleetView& fleet, const model::SeenVersion& known, const std::string& version) {
  Watch fresh;
  fresh.spec.service = known.place.service;
  fresh.spec.environment = known.place.environment;
  const auto* last = core::live_before(fleet, fresh);
  return last != nullptr && core::is_same_version(last->spec.version, known.version) &&
         core::is_same_version(last->goes_back_to(), version);
}

Result<Found> announce_found(Draft& draft, const model::SeenVersion& known, const core::VersionChange& change,
                             const Circumstances& context) {
  Announcement announcement;
  announcement.spec = found_spec(draft, known, change);
  announcement.actor = {"the guard, which found it running"};
  announcement.is_found = true;
  const auto& id = announcement.spec.id;
  if (auto made = announce(draft, announcement, context); !made) return std::unexpected(made.error());
  core::begin_switch(draft.edit(id), change.appeared);
  return Found{id, draft.find(id)->unproven.value_or("")};
}

}  // namespace

model::ReleaseSpec found_spec(const core::FleetView& fleet, const model::SeenVersion& known,
                              const core::VersionChange& change) {
  model::ReleaseSpec spec;
  spec.service = known.place.service;
  spec.environment = known.place.environment;
  spec.version = change.version;
  // A pipeline may have named it otherwise, and a hook takes the names of pipelines.
  const auto live = core::live_version(fleet, known.place);
  spec.previous_version = live && core::is_same_version(*live, known.version) ? *live : known.version;
  spec.kind = goes_back(fleet, known, change.version) ? model::ReleaseKind::rollback : model::ReleaseKind::feature;
  spec.live_at = change.live_at;
  spec.labels[model::detected_label] = "true";
  spec.id = "detected:" + digest(fmt::format("{}\n{}\n{}\n{}", spec.service, spec.environment, spec.version,
                                             change.live_at.time_since_epoch().count()))
                              .substr(0, 16);
  return spec;
}

Result<Found> take_change(Draft& draft, const model::Place& place, const core::VersionChange& change,
                          const Circumstances& context) {
  const auto known = draft.seen(place);
  if (known && known->version == change.version) return Found{std::nullopt, "it is known"};
  if (is_deploying(draft, place, change.version))
    return Found{std::nullopt, "its pipeline has not said that it is live"};
  const auto* accounts = core::accounts_for(draft, place, change.version);
  Found found{std::nullopt, accounts == nullptr ? "" : "it is told by release " + accounts->spec.id};
  if (accounts == nullptr && is_overtaken(draft, place, change.live_at))
    return Found{std::nullopt, "another release is said to be live since"};
  if (known && accounts == nullptr && !core::is_same_version(known->version, change.version)) {
    auto announced = announce_found(draft, *known, change, context);
    if (!announced) return announced;
    found = std::move(*announced);
  }
  draft.put(model::SeenVersion{place, change.version, change.live_at});
  return found;
}

}  // namespace guard::engine
