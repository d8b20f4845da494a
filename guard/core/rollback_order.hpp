// SPDX-License-Identifier: Apache-2.0
//
// A person's order to roll back, or an approval, as the step it means. Pure.
#pragma once

#include "guard/core/rollback_policy.hpp"
#include "guard/core/transition.hpp"

#include <expected>
#include <string>

namespace guard::core {

struct RollbackOrder {
  std::string actor;
  std::string why;          // in words; may be empty
  std::string target = {};  // the version to go back to; empty: the one before
};

// The version that an order goes back to which names none; empty: it must name one.
std::string default_target(const Watch& watch);

// Fails, in words, where it is not possible. A rollback of which nobody knows whether it was done is only ordered
// again: its key stands for the version that it goes back to.
std::expected<Step, std::string> order_rollback(const Watch& watch, const BrakeState& brakes,
                                                const RollbackOrder& order);

}  // namespace guard::core
