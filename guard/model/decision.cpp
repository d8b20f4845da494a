// SPDX-License-Identifier: Apache-2.0
#include "guard/model/decision.hpp"

#include <algorithm>

namespace guard::model {

bool is_conclusion(DecisionKind kind) {
  return std::find(conclusions.begin(), conclusions.end(), kind) != conclusions.end();
}

std::span<const Decision> latest_run(const std::vector<Decision>& decisions) {
  const auto other = std::find_if_not(decisions.rbegin(), decisions.rend(), [&](const Decision& decision) {
    return decision.kind == decisions.back().kind && decision.brake == decisions.back().brake;
  });
  return {other.base(), decisions.end()};
}

const Decision* cause_of(const std::vector<Decision>& decisions) {
  const auto it = std::find_if(decisions.rbegin(), decisions.rend(), [](const Decision& decision) {
    return decision.trigger != Trigger::window && decision.kind != DecisionKind::abort;
  });
  return it == decisions.rend() ? nullptr : &*it;
}

}  // namespace guard::model
