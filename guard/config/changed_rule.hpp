// SPDX-License-Identifier: Apache-2.0
//
// A rule as it would be if its author had written another objective, for who tries one out: checked as a rule file is.
// Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/model/rule.hpp"

#include <optional>
#include <string>

namespace guard::config {

// What is written instead, as a rule file writes it; what is absent stays.
struct RuleChange {
  std::optional<std::string> objective;
  std::optional<std::string> sustained;   // `for`
  std::optional<std::string> confidence;  // of a share of events
};

// Fails with invalid, saying which key is wrong: a rule without numbers, a text that cannot be read, a key that the
// rule does not take.
Result<model::Rule> changed(const model::Rule& rule, const RuleChange& change);

}  // namespace guard::config
