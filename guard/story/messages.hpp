// SPDX-License-Identifier: Apache-2.0
//
// The words of timeline events, made once, when the event happens. Pure.
#pragma once

#include "guard/core/round.hpp"
#include "guard/model/decision.hpp"

#include <string>
#include <vector>

namespace guard::story {

// "decision 1: rollback: error_rate: 20% against < 1%"
std::string message_of(const model::Decision& decision);

// "error_rate: breached, it was pending: ...; ..."
std::string message_of(const core::RuleChange& change);

// What was asked for afterwards, of all rules of a round; there must be one.
std::string message_of(const std::vector<core::MadeUp>& made_up);

}  // namespace guard::story
