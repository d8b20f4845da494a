// SPDX-License-Identifier: Apache-2.0
//
// What holds back everybody now: the kill switch, and the freezes that have begun and are not over. Pure.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"

namespace guard::engine {

story::InForce in_force(const config::Settings& settings, bool kill_switch, WallTime now);

}  // namespace guard::engine
