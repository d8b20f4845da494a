// SPDX-License-Identifier: Apache-2.0
//
// Takes what people order about freezes, and says which are known. Loop thread only.
#pragma once

#include "guard/base/log.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <string>
#include <vector>

namespace guard::engine {

class FreezeDesk {
 public:
  struct Parts {
    Ledger& ledger;
    const Clock& clock;
    const Log& log;
    std::function<RuntimePtr()> runtime;
    std::function<void()> changed;  // tells that a freeze began or ended
  };
  explicit FreezeDesk(Parts parts) : parts_(std::move(parts)) {}

  // They fail as begin_freeze and end_freeze of freeze_orders.hpp do.
  void begin(model::Freeze freeze, Completion<Frozen> done);
  void end(const FreezeEnd& end, Completion<model::Freeze> done);
  // Those in force now or to come.
  std::vector<model::Freeze> known() const;

 private:
  void record(const std::string& what, const model::Freeze& freeze, const std::string& actor) const;

  Parts parts_;
};

}  // namespace guard::engine
