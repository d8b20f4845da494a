// SPDX-License-Identifier: Apache-2.0
//
// Finds out whether Prometheus and the Alertmanagers answer, for people who ask. However many ask, the servers are
// asked once, and no more than every few seconds; never on the threads of the rounds that judge. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/executor.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace guard::engine {

class Reach {
 public:
  struct Parts {
    Executor& executor;
    const Clock& clock;
    std::function<RuntimePtr()> runtime;
  };
  explicit Reach(Parts parts) : parts_(std::move(parts)) {}

  // What is answered is a few seconds old at most.
  void ask(Completion<Reached> done);

 private:
  void answered(Reached reached);

  Parts parts_;
  std::vector<Completion<Reached>> waiting_;
  std::optional<Reached> last_;
  RuntimePtr asked_of_;  // whose servers `last_` is about
  MonoTime asked_at_{};
};

}  // namespace guard::engine
