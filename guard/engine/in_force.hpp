// SPDX-License-Identifier: Apache-2.0
//
// What holds back everybody now: the kill switch, and the freezes that have begun and are not over. Pure.
#pragma once

#include "guard/engine/guard_service.hpp"

#include <vector>

namespace guard::engine {

story::InForce in_force(const std::vector<model::Freeze>& known, bool kill_switch, WallTime now);

}  // namespace guard::engine
