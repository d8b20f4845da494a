// SPDX-License-Identifier: Apache-2.0
//
// Whether the way back is open: the hook can be called, knows where to go back to, and its rehearsal, where it has one,
// succeeds. Blocking; any thread.
#pragma once

#include "guard/preflight/situation.hpp"

namespace guard::preflight {

// Checks `rollback_target` and `hook NAME`; none where the group only observes and names no hook.
model::Checks look_at_hook(const Situation& situation, const Means& means);

}  // namespace guard::preflight
