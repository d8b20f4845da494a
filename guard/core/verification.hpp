// SPDX-License-Identifier: Apache-2.0
//
// Whether a rollback helped: after the hook every objective must hold again, and is watched for the whole of `verify`.
// Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/core/transition.hpp"

#include <optional>

namespace guard::core {

// True if something shows after a rollback whether it helped: a rule that measures, or the version that must serve.
// Without either the hook's word is all there is.
bool can_be_verified(const RuleGroup& group);

// What the rules say of a watch in `verifying`: that they hold again or break again, how it ends, or nothing new.
std::optional<Step> review_verification(const Watch& watch, Instant now);

}  // namespace guard::core
