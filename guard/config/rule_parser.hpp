// SPDX-License-Identifier: Apache-2.0
//
// One entry of `rules:` to a model::Rule. Pure; safe from any thread.
#pragma once

#include "guard/config/group_times.hpp"
#include "guard/config/object_reader.hpp"
#include "guard/config/rule_defaults.hpp"
#include "guard/model/rule.hpp"

namespace guard::config {

// What is around a rule.
struct RuleSurroundings {
  const RuleDefaults& defaults;
  GroupTimes times;
  Lacks& lacks;  // gets what the rule lacks
};

// The rule as far as it can be read; it is complete if nothing was reported and nothing is lacking.
model::Rule parse_rule(const Report& report, const Node& node, const RuleSurroundings& around);

// An entry of `preflight:`, in the same way.
model::Rule parse_preflight_rule(const Report& report, const Node& node, const RuleSurroundings& around);

}  // namespace guard::config
