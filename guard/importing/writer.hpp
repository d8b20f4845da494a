// SPDX-License-Identifier: Apache-2.0
//
// Drafts as the text of a rule file. Pure; safe from any thread.
#pragma once

#include "guard/importing/draft.hpp"

#include <span>
#include <string>
#include <vector>

namespace guard::importing {

// The file with all of them: one group for each service, those that watch any service last. Names that clash, or are no
// names of rules, are made to fit, with a comment. At its end stands what was left.
std::string rule_file_of(std::span<const Draft> drafts, const config::Diagnostics& left);

// The file with this one rule.
std::string rule_file_of(const Draft& draft);

}  // namespace guard::importing
