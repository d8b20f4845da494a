// SPDX-License-Identifier: Apache-2.0
//
// Whether the way back is open, and what its rules call can be called: each hook can be, knows where to go back to, and
// its rehearsal, where it has one, succeeds. Blocking; any thread.
#pragma once

#include "guard/preflight/situation.hpp"

namespace guard::preflight {

// Checks `rollback_target` and `hook NAME` of the way back, where the group names one, and `hook NAME` of each other
// that its rules call.
model::Checks look_at_hooks(const Situation& situation, const Means& means);

}  // namespace guard::preflight
