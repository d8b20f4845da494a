// SPDX-License-Identifier: Apache-2.0
#include "guard/core/evidence.hpp"

#include <fmt/format.h>

namespace guard::core {

bool decides(const Rule& rule) {
  const auto last = rule.remedy ? rule.remedy->then : rule.action;
  return last != Action::warn;
}

bool excused(const RuleState& state) {
  return state.verdict == Verdict::unknown && state.reason == Reason::ignored;
}

std::string evidence(const Rule& rule, const RuleState& state) {
  return fmt::format("{}: {}", rule.slo, state.last ? state.last->detail : "not read yet");
}

}  // namespace guard::core
