// SPDX-License-Identifier: Apache-2.0
//
// The share of bad events before a release: what this one cannot be blamed for. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/share.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

namespace guard::core {

// How long before the switch is looked at: as long as the release will be watched, an hour at most; a quarter
// of it after each failure, as the answer may have been too large.
Duration share_before_length(const RuleGroup& group, int failed_reads);

// However noisy it was, bets that have won as much decide: an outage after an outage is found later, and not never. It
// is four times the doublings that a thousandfold takes, and some minutes of 5% failing.
inline constexpr double most_needed = 1e12;

// Reads the time before `switch_began` into the state: whether the share was above the objective then, which holds this
// release against half as much again; and what the bets would have won by the noise of that time, which they must win
// more now. A source error leaves it unknown and counts, as for any rule.
void read_share_before(const Rule& rule, const RuleGroup& group, const Subject& before, const ShareAnswer& answer,
                       RuleState& state);

}  // namespace guard::core
