// SPDX-License-Identifier: Apache-2.0
//
// Random rule groups to store. Pure.
#pragma once

#include "guard/model/rule.hpp"
#include "tests/store/dice.hpp"

#include <optional>

namespace guard::store::test {

model::Matcher random_matcher(Dice& dice);
model::RuleGroup random_group(Dice& dice);

// Equal doubles, and NaN equal to NaN: the operator == of the values says no to the latter.
bool same_bits(std::optional<double> a, std::optional<double> b);
// Equal in every member, doubles bit for bit.
bool same_group(model::RuleGroup a, model::RuleGroup b);

}  // namespace guard::store::test
