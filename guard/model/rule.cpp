// SPDX-License-Identifier: Apache-2.0
#include "guard/model/rule.hpp"

namespace guard::model {

std::string objective_text(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::expr:
    case RuleKind::share:
      return format_objective(rule.objective);
    case RuleKind::alerts:
      return "none firing";
    case RuleKind::signal:
      return "succeeded";
  }
  return "";
}

}  // namespace guard::model
