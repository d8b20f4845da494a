// SPDX-License-Identifier: Apache-2.0
//
// A gauge that does not move. Where nothing sets it any more its rule keeps its objective for ever; but it may be right
// as well, as for a queue that is empty all night. So it is said, and never judged. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::core {

// Follows the value of a rule of kind expr from its first reading on. Readings without a value say nothing.
void follow_value(RuleState& state, const Evaluation& reading);
// The same for readings from before those that were followed so far, oldest first.
void follow_values_before(RuleState& state, const std::vector<Evaluation>& readings);

// True for gauges that are read as they are and must stay below a bound. Rates and counters, `up` and other states may
// stay as they are in the best of health.
bool reads_gauge(const Rule& rule);

// "it has not moved from 0 for 1h30m, …", once it has been so for an hour, in the time before the release and since,
// and the objective holds; nothing where it has moved once or need not move, as a share of nothing.
std::optional<std::string> still_words(const Rule& rule, const RuleState& state);

}  // namespace guard::core
