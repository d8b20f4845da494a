// SPDX-License-Identifier: Apache-2.0
//
// Whether a rollback helped: after the hook every objective must hold again. Pure.
#pragma once

#include "guard/core/reviewer.hpp"

#include <optional>

namespace guard::core {

// What the rules say of a watch in `verifying`: verified, unmet, untold, or nothing yet.
std::optional<Step> review_verification(const Watch& watch, Instant now);

}  // namespace guard::core
