// SPDX-License-Identifier: Apache-2.0
//
// The judge over recorded history instead of the present: a release is watched from live to the end of its window, with
// a clock that is stepped from reading to reading. The questions, the round and the reviewer are those of a guard that
// runs; nothing is rolled back, and what would have been done is noted. Blocks as long as `history` does; any thread.
#pragma once

#include "guard/replay/course.hpp"
#include "guard/replay/history.hpp"

#include <functional>

namespace guard::replay {

// The end of what a replay asks for: the release is replaced, or its watch is over with what may still be followed.
WallTime read_until(const Release& release, const model::RuleGroup& group, const History& history);

// Told of each round: what has become of the release so far. False ends the watch there.
using Observer = std::function<bool(const Course&, Instant)>;

// Mode observe is judged as if it acted, since that is what is to be seen. Of alerts it knows what `ALERTS` tells.
Course replay(const Release& release, const model::RuleGroupPtr& group, const History& history,
              const Observer& observer = {});

}  // namespace guard::replay
