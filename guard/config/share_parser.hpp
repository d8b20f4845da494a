// SPDX-License-Identifier: Apache-2.0
//
// The keys of a rule whose events are counted: its counters and its objective. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/config/rule_defaults.hpp"
#include "guard/model/rule.hpp"

namespace guard::config {

// The counters of a share of events.
struct EventCounters {
  std::optional<promql::TextTemplate> part;  // `bad` or `good`
  std::optional<promql::TextTemplate> total;
  bool part_is_good = false;
};

// `bad` or `good`, and `total`. Reports what is wrong or missing.
EventCounters read_events(const ObjectReader& object);

// What `object` says of a share, with `defaults` where it says nothing. Reports what is wrong.
model::Share read_share(const ObjectReader& object, const RuleDefaults& defaults);

// Why no share of events can be held against this objective, or nothing.
std::string share_objective_problem(const model::Objective& objective);

// What `object` says of a count, as read_share.
model::Count read_count(const ObjectReader& object, const RuleDefaults& defaults);

// Reports an objective or a baseline that no count of events can be held against for the whole of `window`.
void check_count_objective(const ObjectReader& object, const model::Rule& rule, Duration window);

// Reports an objective that no share of events can be held against.
void check_share_objective(const ObjectReader& object, const model::Objective& objective);

}  // namespace guard::config
