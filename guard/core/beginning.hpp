// SPDX-License-Identifier: Apache-2.0
//
// How a watch begins: as its release is announced, and as it goes live. Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <string>
#include <vector>

namespace guard::core {

// The first of `groups` that matches the release. Fails with not_found, saying what to do.
Result<RuleGroupPtr> group_for(const ReleaseSpec& spec, const std::vector<RuleGroupPtr>& groups);

// The watch of a release that is announced at `now`, as far as it tells by itself; what else is live in its place is
// the caller's to say.
Watch announced(const ReleaseSpec& spec, RuleGroupPtr group, Instant now, const std::string& boot_id);

// Its clock runs from `live_at`, which may lie before `now`.
void mark_live(Watch& watch, WallTime live_at, Instant now, const std::string& boot_id);

// What runs since `seen` may have broken things since then, also where it was live only later.
void begin_switch(Watch& watch, WallTime seen);

}  // namespace guard::core
