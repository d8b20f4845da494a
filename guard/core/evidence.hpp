// SPDX-License-Identifier: Apache-2.0
//
// What the state of one rule says towards a conclusion about the release. Pure; safe from any thread.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"

#include <string>

namespace guard::core {

// True for a rule that can lead to a rollback, be it that a person is asked first; the others only warn.
bool decides(const Rule& rule);

// True where the rule's policy leaves out what could not be judged.
bool excused(const RuleState& state);

// "error_rate: 20% against < 1%"
std::string evidence(const Rule& rule, const RuleState& state);

}  // namespace guard::core
