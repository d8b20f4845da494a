// SPDX-License-Identifier: Apache-2.0
//
// A step of a watch, and the watch after it: that is what must be journaled before any effect. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/phase_machine.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <string>

namespace guard::core {

struct Step {
  std::optional<Event> event;        // the move of the phase machine, if one
  std::optional<Decision> decision;  // what is concluded, if anything
  std::string reason;                // why, in words
};

// The watch after `step`. The event must be legal where the watch stands (review and order_rollback see to it).
Watch apply(Watch watch, const Step& step, Instant now);

// The hook's outcome as the move it means; `detail` goes into the reason.
Step hook_finished(const Watch& watch, CallState outcome, const std::string& detail);

// Its newest rollback, if nobody can tell whether it was done; else nullptr.
const Decision* rollback_of_unknown_outcome(const Watch& watch);

}  // namespace guard::core
