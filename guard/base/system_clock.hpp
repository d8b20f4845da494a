// SPDX-License-Identifier: Apache-2.0
//
// The machine's clocks: CLOCK_REALTIME, CLOCK_BOOTTIME and the kernel's boot id. The only real clock in the tree, and
// the only place that lets time pass. Safe from any thread.
#pragma once

#include "guard/base/clock.hpp"

namespace guard {

class SystemClock final : public Clock {
 public:
  SystemClock();
  Instant now() const override;
  const std::string& boot_id() const override { return boot_id_; }

 private:
  std::string boot_id_;
};

// Blocks the calling thread for `time`: between two looks at something outside that cannot be waited for.
void let_pass(Duration time);

}  // namespace guard
