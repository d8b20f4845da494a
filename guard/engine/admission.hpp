// SPDX-License-Identifier: Apache-2.0
//
// Answers whether a release may begin: what is known of its place, and what Alertmanager and Prometheus are asked for
// that, both at once. Loop thread only.
#pragma once

#include "guard/core/gate.hpp"
#include "guard/core/recent_preflight.hpp"
#include "guard/engine/budget_lookups.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/engine/scheduler.hpp"

#include <functional>
#include <memory>

namespace guard::engine {

class Admission {
 public:
  struct Parts {
    Ledger& ledger;
    Scheduler& scheduler;
    Executor& executor;
    const Clock& clock;
    const core::RecentPreflights& preflights;
    std::function<RuntimePtr()> runtime;
    std::function<core::BrakeInputs()> brakes;
  };
  explicit Admission(Parts parts) : parts_(std::move(parts)), budgets_({parts_.executor, parts_.clock}) {}

  // Each server has some seconds; one that does not answer leaves its check unknown.
  void ask(GateQuery query, Completion<model::Checks> done);

 private:
  struct Asked;
  void ask_alerts(const std::shared_ptr<Asked>& asked, Instant now);
  void ask_budget(const std::shared_ptr<Asked>& asked, Instant now);

  Parts parts_;
  BudgetLookups budgets_;
};

}  // namespace guard::engine
