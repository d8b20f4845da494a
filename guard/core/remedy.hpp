// SPDX-License-Identifier: Apache-2.0
//
// What is done about a breach before anything is rolled back, of a rule with `action: call`: its hook is called once in
// a watch, and the objective has some time to hold again; what stands after that is answered as any breach is. In the
// modes that call nothing by themselves it is answered so from the start. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/rollback_policy.hpp"
#include "guard/model/watch.hpp"

#include <string>
#include <vector>

namespace guard::core {

// What a breach of this rule that stands now leads to. `warn` also while what was called may yet help.
Action answer_to(const Watch& watch, std::size_t index, Instant now);

// True if a breach of this rule that is found now is one of the release, which it can pass no more.
bool is_kept(const Watch& watch, std::size_t index, Instant now);

// True while what was called may yet end a breach that stands, and until a reading has told: no watch ends before.
bool may_yet_help(const Watch& watch, Instant now);

// True if this decision holds a call back whose breach still stands.
bool holds_call(const Watch& watch, const Decision& decision);

// For a breach whose answer is a call: `call`, or `hold` by a brake that a restart must heed too. Going back is not
// asked about, so that neither cooldown nor version matters.
PolicyResult policy_for_remedy(const BrakeState& brakes);

// "hook restart_workers was called for queue_depth (decision 1: confirmed)", each that was done in this watch.
std::vector<std::string> remedies_tried(const Watch& watch);

}  // namespace guard::core
