// SPDX-License-Identifier: Apache-2.0
//
// What is done about a breach before anything is rolled back, of a rule with `action: call`: its hook is called once in
// a watch, and the objective has some time to hold again; what stands after that is answered as any breach is. Pure.
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

// True while a hook is called, or what it did may yet end a breach that stands: until then no watch ends.
bool may_yet_help(const Watch& watch, Instant now);

// For a breach whose answer is a call: `call`, `would_call` where the mode lets nothing be called, or `hold` by a brake
// that a restart must heed too. Going back is not asked about, so that neither cooldown nor version matters.
PolicyResult on_remedy(const Watch& watch, const BrakeState& brakes);

// "hook restart_workers was called for queue_depth (decision 1)", each that was done in this watch.
std::vector<std::string> remedies_tried(const Watch& watch);

}  // namespace guard::core
