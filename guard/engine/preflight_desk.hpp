// SPDX-License-Identifier: Apache-2.0
//
// Takes the wish for a preflight: finds out what the loop knows of the release, has it run, and remembers how it went.
// Loop thread only.
#pragma once

#include "guard/core/recent_preflight.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/preflights.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>

namespace guard::engine {

class PreflightDesk {
 public:
  struct Parts {
    Preflights& preflights;
    core::RecentPreflights& recent;
    const Ledger& ledger;
    const Clock& clock;
    std::function<RuntimePtr()> runtime;
    std::function<Health()> health;
    std::function<void(GateQuery, Completion<model::Checks>)> gate;
  };
  explicit PreflightDesk(Parts parts) : parts_(std::move(parts)) {}

  // Fails where no group, or more than one, would watch such a release, and as Preflights::begin does.
  void ask(PreflightQuery query, Completion<story::PreflightView> done);

 private:
  Parts parts_;
};

}  // namespace guard::engine
