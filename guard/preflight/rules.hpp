// SPDX-License-Identifier: Apache-2.0
//
// Whether each rule of the group can be judged now and its objective holds, and whether it held over the last day: by
// the same judge that watches a release, over what is recorded of the version that is live. Blocking; any thread.
#pragma once

#include "guard/preflight/situation.hpp"

namespace guard::preflight {

// How far back a rule is read for what is so now: long enough for a `for`, and for some events of a quiet service.
constexpr Duration recently = std::chrono::minutes(15);
constexpr Duration a_day = std::chrono::hours(24);

// One check for each rule on metrics, of the last minutes; the events of a share are counted over `recently`.
model::Checks look_at_rules_now(const Situation& situation, const Means& means);

// One check for each rule on metrics, of the last day. What breaks a rule that only warns is said, and does not fail.
model::Checks look_at_last_day(const Situation& situation, const Means& means);

// One check for each of the group's `preflight` rules: its value now.
model::Checks look_at_preflight_rules(const Situation& situation, const Means& means);

}  // namespace guard::preflight
