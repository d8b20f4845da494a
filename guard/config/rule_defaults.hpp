// SPDX-License-Identifier: Apache-2.0
//
// What `defaults` says for the rules of a file or of a group, and which rules lack what it could have given them. Pure;
// safe from any thread.
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

// A value applies to the rules of those kinds that know its key.
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

// What a breach may lead to by itself, without a hook that is called for one rule; anything else is reported.
std::optional<model::Action> read_general_action(const ObjectReader& object, std::string_view key);

// The rules of a file that lack a key which `defaults` could give them all, by that key.
struct Lack {
  std::size_t first_at = 0;
  std::vector<std::string> rules;
};
using Lacks = std::map<std::string_view, Lack>;

// Says of each key once which rules lack it.
void report_lacks(const Report& report, const Lacks& lacks);

}  // namespace guard::config
