// SPDX-License-Identifier: Apache-2.0
#include "guard/model/decision.hpp"

#include <algorithm>

namespace guard::model {

bool is_conclusion(DecisionKind kind) {
  return std::find(conclusions.begin(), conclusions.end(), kind) != conclusions.end();
}

bool is_for_rule(DecisionKind kind) {
  return kind == DecisionKind::call || kind == DecisionKind::would_call;
}

std::vector<const Decision*> latest_run(const std::vector<Decision>& decisions) {
  std::vector<const Decision*> run;
  for (auto it = decisions.rbegin(); it != decisions.rend(); ++it) {
    if (is_for_rule(it->kind)) continue;
    if (!run.empty() && (it->kind != run.back()->kind || it->brake != run.back()->brake)) break;
    run.push_back(&*it);
  }
  std::ranges::reverse(run);
  return run;
}

const Decision* cause_of(const std::vector<Decision>& decisions) {
  const auto it = std::find_if(decisions.rbegin(), decisions.rend(), [](const Decision& decision) {
    return decision.trigger != Trigger::window && decision.kind != DecisionKind::abort && !is_for_rule(decision.kind);
  });
  return it == decisions.rend() ? nullptr : &*it;
}

}  // namespace guard::model
