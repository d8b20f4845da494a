// SPDX-License-Identifier: Apache-2.0
#include "guard/core/decision.hpp"

#include <algorithm>

namespace guard::core {

const Decision* cause_of(const std::vector<Decision>& decisions) {
  const auto it = std::find_if(decisions.rbegin(), decisions.rend(), [](const Decision& decision) {
    return decision.trigger != Trigger::window && decision.kind != DecisionKind::abort;
  });
  return it == decisions.rend() ? nullptr : &*it;
}

}  // namespace guard::core
