// SPDX-License-Identifier: Apache-2.0
//
// `control` of a rule: who has not got the release, as the rule's own counters or expression with other matchers. Pure;
// safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/rule.hpp"

#include <optional>

namespace guard::config {

// Reports what is wrong; nothing where `object` has no `control`, or none that can be used.
std::optional<model::Control> read_control(const ObjectReader& object, const model::Share& share);

// Of a rule of kind expr, once its expression and objective are read.
std::optional<model::Control> read_control(const ObjectReader& object, const model::Rule& rule);

}  // namespace guard::config
