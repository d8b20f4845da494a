// SPDX-License-Identifier: Apache-2.0
//
// A pipeline's announcement becomes a watch: which rules it gets, what it supersedes, whether a freeze forbids it.
// Pure functions over a draft; all of it is one transaction.
#pragma once

#include "guard/core/brakes.hpp"
#include "guard/core/recent_preflight.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/runtime.hpp"

namespace guard::engine {

// What an operation finds outside of the releases.
struct Circumstances {
  const Runtime& runtime;
  core::BrakeInputs brakes;
  const std::string& boot_id;
  const core::RecentPreflights& preflights;
};

// Adds the watch. True if it was new, false if the same announcement had been made before. Fails with conflict,
// locked, not_found or invalid as GuardService::announce says.
Result<bool> announce(Draft& draft, const Announcement& announcement, const Circumstances& context);

// Fails with invalid where one of these is none that the group's rollback hook takes: its other side may read a version
// as something else, a shell, a path, a query.
Result<void> hook_takes(const std::vector<std::string>& versions, const model::RuleGroup& group,
                        const config::Settings& settings);

// Fails with invalid where the hook of the release's group is not there, or would not take `target` as the version to
// go back to.
Result<void> hook_can_go_back_to(const model::Watch& watch, const std::string& target, const Circumstances& context,
                                 Instant now);

// The release is live as of `live_at`, or now, and takes the place of what was live before. Says nothing where it is
// live already and no other time is given; fails with conflict where its phase does not allow it, or it has been
// deploying for longer than the preflight of before counts, and with locked where a freeze has begun since it was
// announced.
Result<void> go_live(Draft& draft, const std::string& id, std::optional<WallTime> live_at,
                     const Circumstances& context);

}  // namespace guard::engine
