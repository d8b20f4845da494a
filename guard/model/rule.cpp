// SPDX-License-Identifier: Apache-2.0
#include "guard/model/rule.hpp"

namespace guard::model {

const Control* control_of(const Rule& rule) {
  const auto& control = rule.share ? rule.share->control : rule.control;
  return control ? &*control : nullptr;
}

double confidence_of(const Rule& rule) {
  return rule.share ? rule.share->confidence : rule.count ? rule.count->confidence : 0;
}

std::string objective_text(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::expr:
    case RuleKind::share:
    case RuleKind::count:
      return format_objective(rule.objective);
    case RuleKind::alerts:
      return "none firing";
    case RuleKind::signal:
      return "succeeded";
  }
  return "";
}

}  // namespace guard::model
