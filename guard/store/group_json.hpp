// SPDX-License-Identifier: Apache-2.0
//
// A rule group as the journal stores it, whole, as JSON text. Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/model/rule.hpp"

#include <string>
#include <string_view>

namespace guard::store {

std::string encode(const model::RuleGroup& group);

// The group that was encoded, equal in every member that matters to a watch. Fails with ErrorCode::invalid, naming the
// member that is missing, unknown or of another kind; nothing is ever filled in.
Result<model::RuleGroup> decode_group(std::string_view text);

}  // namespace guard::store
