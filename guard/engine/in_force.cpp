// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/in_force.hpp"

namespace guard::engine {

story::InForce in_force(const std::vector<model::Freeze>& known, bool kill_switch, WallTime now) {
  story::InForce out;
  out.kill_switch = kill_switch;
  for (const auto& freeze : known)
    if (freeze.span.holds(now)) out.freezes.push_back({freeze.span.until, freeze.reason});
  return out;
}

}  // namespace guard::engine
