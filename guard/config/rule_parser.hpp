// SPDX-License-Identifier: Apache-2.0
//
// One entry of `rules:` to a model::Rule. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/rule.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::config {

// What `defaults` says for rules; a value applies to the rules of those kinds that know its key.
struct RuleDefaults {
  std::optional<model::MissingPolicy> on_no_data;
  std::optional<model::MissingPolicy> on_error;
  std::optional<model::BreachPolicy> breach;
  std::optional<Duration> max_age;  // of rules of kind expr; the silence of Alertmanager is another matter
  std::optional<model::Preexisting> preexisting;
  std::optional<model::Action> action;
  std::optional<model::Reduce> reduce;
  std::optional<double> confidence;
  std::optional<int> min_events;
  std::optional<model::MissingPolicy> on_too_few;
  std::optional<model::Proof> proof;
};

// The rule defaults of `object`, and those of `outer` where it has none.
RuleDefaults read_rule_defaults(const ObjectReader& object, RuleDefaults outer);

// The times a rule must fit into; zero where the group's own are wrong.
struct GroupTimes {
  Duration window{0};
  Duration settle{0};
  Duration interval{0};
};

// The rules of a file that lack a key which `defaults` could give them all, by that key.
struct Lack {
  std::size_t first_at = 0;
  std::vector<std::string> rules;
};
using Lacks = std::map<std::string_view, Lack>;

// Says of each key once which rules lack it.
void report_lacks(const Report& report, const Lacks& lacks);

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
