// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/judge.hpp"

#include <iterator>

namespace guard::decisions {

Judges all_judges() {
  Judges all;
  for (auto* judges : {guard_judges, alert_rule_judges, flagger_judges, argo_judges, kayenta_judges, pipecd_judges}) {
    auto more = judges();
    std::ranges::move(more, std::back_inserter(all));
  }
  return all;
}

}  // namespace guard::decisions
