// SPDX-License-Identifier: Apache-2.0
//
// The reviewer reads one whole watch and says the next step, if there is one: it is level-triggered, so it does not
// matter what woke the loop or how often. Applying a step gives the watch that must be journaled before any effect.
// Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/phase_machine.hpp"
#include "guard/core/rollback_policy.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::core {

struct Step {
  std::optional<Event> event;        // the move of the phase machine, if one
  std::optional<Decision> decision;  // what is concluded, if anything
  std::string reason;                // why, in words
};

// The next step of `watch` at `now`, or nothing. Call it again after each step until there is none.
std::optional<Step> review(const Watch& watch, const BrakeState& brakes, Instant now);

// True if review() looks at the brakes; finding out what they are means a look at every other watch.
bool needs_brakes(const Watch& watch, Instant now);

// A person's order to roll back or an approval.
struct RollbackOrder {
  std::string actor;
  std::string why;          // in words; may be empty
  std::string target = {};  // the version to go back to; empty: the one before
};
// Fails, in words, where it is not possible. A rollback of which nobody knows whether it was done is only ordered
// again: its key stands for the version that it goes back to.
std::expected<Step, std::string> order_rollback(const Watch& watch, const BrakeState& brakes,
                                                const RollbackOrder& order);

// The watch after `step`. The event must be legal where the watch stands (review and order_rollback see to it).
Watch apply(Watch watch, const Step& step, Instant now);

// The hook's outcome as the move it means; `detail` goes into the reason.
Step hook_finished(const Watch& watch, CallState outcome, const std::string& detail);

}  // namespace guard::core
