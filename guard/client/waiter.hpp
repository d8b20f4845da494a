// SPDX-License-Identifier: Apache-2.0
//
// The seam through which a command lets time pass, so that a test can step it. Used by the main thread only.
#pragma once

#include "guard/base/time.hpp"

namespace guard::client {

class Waiter {
 public:
  virtual ~Waiter() = default;
  // Returns true once `time` has passed, false at once if a person or the machine asks the command to end.
  virtual bool wait(Duration time) = 0;
};

// Waits on a signalfd for SIGINT and SIGTERM. Between two waits these signals end the process as they always do.
class SignalWaiter final : public Waiter {
 public:
  bool wait(Duration time) override;
};

}  // namespace guard::client
