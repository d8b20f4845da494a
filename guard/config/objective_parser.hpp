// SPDX-License-Identifier: Apache-2.0
//
// What the value of a rule of kind expr is held against: `objective`, `fatal` and `baseline`. Pure; safe from any
// thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/rule.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guard::config {

// The objective written at `node`; what is wrong is reported where it stands. `what` is how messages name it.
std::optional<model::Objective> read_objective_text(const Report& report, const Node& node, std::string_view what);

// The rule's baselines, one or a list. Reported: some that the objective does not use, and that it uses one but has
// none.
std::vector<model::Baseline> read_baselines(const ObjectReader& rule, const std::optional<model::Objective>& objective);

// Why `fatal` cannot stand beside `objective`, or nothing: it must speak of the bad side, in the same unit, and hold
// nowhere where the objective is kept.
std::string fatal_problem(const model::Objective& objective, const model::Objective& fatal);

}  // namespace guard::config
