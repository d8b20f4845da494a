// SPDX-License-Identifier: Apache-2.0
//
// What the text of a rule's expression, with its objective and the times of its group, tells against it. Pure; safe
// from any thread.
#pragma once

#include "guard/config/group_times.hpp"
#include "guard/config/object_reader.hpp"
#include "guard/model/rule.hpp"

namespace guard::config {

// Reports what is found about `rule`, of kind expr, which was read from `object`.
void lint_expr(const ObjectReader& object, const model::Rule& rule, const GroupTimes& times);

}  // namespace guard::config
