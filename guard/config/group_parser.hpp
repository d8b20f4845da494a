// SPDX-License-Identifier: Apache-2.0
//
// One rule file to rule groups, with what is needed to check them against the rest of the configuration. Pure; safe
// from any thread.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/config/source.hpp"
#include "guard/model/rule.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace guard::config {

struct NamedHook {
  std::string name;
  std::size_t at = 0;  // where it is named; the group, if it comes from `defaults`
};

struct ParsedGroup {
  model::RuleGroup group;
  std::size_t name_at = 0;
  std::vector<NamedHook> hooks;         // its way back, and those that its rules call
  std::optional<std::size_t> expr_at;   // its `serves`, or its first rule of kind expr
  std::vector<Expression> expressions;  // without the index of the group
};

// The groups as far as they can be read; they are complete if nothing was reported.
std::vector<ParsedGroup> parse_rule_file(const Source& source, Diagnostics& diagnostics);

}  // namespace guard::config
