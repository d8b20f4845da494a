// SPDX-License-Identifier: Apache-2.0
//
// Which rule stands on a line of a rule file's text, for who shows something about the one under a cursor. Pure; safe
// from any thread.
#pragma once

#include <optional>
#include <string>

namespace guard::config {

struct RuleHere {
  std::string group;
  std::string slo;

  bool operator==(const RuleHere&) const = default;
};

// The last rule that begins on this line (one-based) or above it. Nothing in a group above its rules, or where the text
// is no YAML.
std::optional<RuleHere> rule_at(const std::string& text, int line);

}  // namespace guard::config
