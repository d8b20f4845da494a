// SPDX-License-Identifier: Apache-2.0
//
// Changes a rule file as its author would: the one value that is meant, and nothing else; comments and layout stay.
// Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <string>
#include <string_view>

namespace guard::config {

struct RuleName {
  std::string_view group;
  std::string_view slo;
};

// The text with this objective of the rule. Fails with not_found where it is not in the text.
Result<std::string> with_objective(const std::string& text, const RuleName& rule, const std::string& objective);

}  // namespace guard::config
