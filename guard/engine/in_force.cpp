// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/in_force.hpp"

namespace guard::engine {

story::InForce in_force(const config::Settings& settings, bool kill_switch, WallTime now) {
  story::InForce out;
  out.kill_switch = kill_switch;
  for (const auto& freeze : settings.freezes)
    if (freeze.from <= now && now < freeze.until) out.freezes.push_back({freeze.until, freeze.reason});
  return out;
}

}  // namespace guard::engine
