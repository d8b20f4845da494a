// SPDX-License-Identifier: Apache-2.0
//
// The count of events before a release: what this one cannot be blamed for, and how much counts vary. Pure.
#pragma once

#include "guard/core/count.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

namespace guard::core {

// Whose time before is read.
struct CountBefore {
  const Rule& rule;
  const RuleGroup& group;
  Subject subject;  // what ran then
  WallTime switch_began{};
};

// Reads the time before the switch into the state: whether fewer came than the objective asks for then already, which
// holds this release against a third less again; how many events come together; and what the bets would have won by the
// noise of that time, which they must win more now. A source error leaves it unknown and counts, as for any rule.
void read_count_before(const CountBefore& before, const CountAnswer& answer, RuleState& state);

}  // namespace guard::core
