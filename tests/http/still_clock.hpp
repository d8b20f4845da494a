// SPDX-License-Identifier: Apache-2.0
//
// A clock that shows one moment for ever.
#pragma once

#include "guard/base/clock.hpp"

namespace guard::http {

class StillClock final : public Clock {
 public:
  explicit StillClock(WallTime wall) : now_{wall, {}} {}
  Instant now() const override { return now_; }
  const std::string& boot_id() const override { return boot_; }

 private:
  Instant now_;
  std::string boot_ = "boot";
};

}  // namespace guard::http
