// SPDX-License-Identifier: Apache-2.0
#include "guard/model/decision.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace guard::model {

bool is_conclusion(DecisionKind kind) {
  return std::find(conclusions.begin(), conclusions.end(), kind) != conclusions.end();
}

bool is_held_call(const Decision& decision) {
  return decision.kind == DecisionKind::hold && !decision.hook.empty();
}

std::vector<const Decision*> latest_run(const std::vector<Decision>& decisions) {
  std::vector<const Decision*> run;
  std::set<std::string_view> called;  // the rules whose hook was called later
  for (auto it = decisions.rbegin(); it != decisions.rend(); ++it) {
    if (it->kind == DecisionKind::call) called.insert(it->slo);
    if (it->kind == DecisionKind::call || (is_held_call(*it) && called.contains(it->slo))) continue;
    if (!run.empty() && (it->kind != run.back()->kind || it->brake != run.back()->brake)) break;
    run.push_back(&*it);
  }
  std::ranges::reverse(run);
  return run;
}

const Decision* cause_of(const std::vector<Decision>& decisions) {
  const auto it = std::find_if(decisions.rbegin(), decisions.rend(), [](const Decision& decision) {
    return decision.trigger != Trigger::window && decision.kind != DecisionKind::abort &&
           decision.kind != DecisionKind::call;
  });
  return it == decisions.rend() ? nullptr : &*it;
}

const Decision* held_breach(const std::vector<Decision>& decisions) {
  const auto run = latest_run(decisions);
  return !run.empty() && run.back()->kind == DecisionKind::hold ? run.back() : nullptr;
}

}  // namespace guard::model
