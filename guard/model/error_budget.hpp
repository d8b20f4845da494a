// SPDX-License-Identifier: Apache-2.0
//
// The error budget of a service: how many bad events its objective allows over weeks. Where it is spent, no release
// should begin but one that mends. Plain values; safe from any thread.
//
// Google SRE Book, chapter 3, "Embracing Risk", and the SRE Workbook, appendix B, "Example Error Budget Policy".
#pragma once

#include "guard/base/time.hpp"
#include "guard/model/release.hpp"
#include "guard/model/requirement.hpp"
#include "guard/promql/text_template.hpp"

#include <optional>
#include <vector>

namespace guard::model {

struct ErrorBudget {
  // The share that is left of it, 1 being all. Empty: what `part` and `total` count over `over` tells it.
  std::optional<promql::TextTemplate> left;
  std::optional<promql::TextTemplate> part;   // plain selectors of counters: the bad events, or the good ones
  std::optional<promql::TextTemplate> total;  // all events
  bool part_is_good = false;
  double allowed = 0;  // the share of bad events that the objective allows
  Duration over{0};
  UnmetAction action = UnmetAction::refuse;
  std::vector<ReleaseKind> allow;  // kinds of release that may begin without it

  bool operator==(const ErrorBudget&) const = default;
};

}  // namespace guard::model
