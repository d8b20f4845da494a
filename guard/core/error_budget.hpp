// SPDX-License-Identifier: Apache-2.0
//
// Whether a service has error budget left for a release: what to ask Prometheus, and what the answer means. Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/core/nouns.hpp"
#include "guard/model/check.hpp"
#include "guard/model/error_budget.hpp"
#include "guard/model/sample.hpp"

#include <string>

namespace guard::core {

// PromQL that gives one number: the share of the budget that is left, or the share of bad events. Fails with invalid
// where a template asks for more than is known of the release.
Result<std::string> budget_query(const model::ErrorBudget& budget, const promql::Subject& subject);

// The check of a gate: failed where nothing is left, unknown where nobody can tell. `answer` is that of budget_query.
Check budget_check(const model::ErrorBudget& budget, const Samples& answer, ReleaseKind kind);

}  // namespace guard::core
