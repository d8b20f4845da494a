// SPDX-License-Identifier: Apache-2.0
//
// The seam to the world's time. Everything that needs the present takes an Instant or a Clock&; only SystemClock
// (system_clock.hpp) reads the real ones. Implementations are safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <string>

namespace guard {

class Clock {
 public:
  virtual ~Clock() = default;
  // The present moment. Boot time never goes back; wall time may jump either way.
  virtual Instant now() const = 0;
  // Names this boot of the machine; boot times from another boot cannot be compared.
  virtual const std::string& boot_id() const = 0;
};

}  // namespace guard
