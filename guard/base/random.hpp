// SPDX-License-Identifier: Apache-2.0
//
// The seam to chance: ids and jitter. Tests give their own source. Implementations are safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <string>

namespace guard {

class Random {
 public:
  virtual ~Random() = default;
  // A number in [0, 1), evenly spread.
  virtual double uniform() = 0;
  // 128 bits as 32 lower-case hexadecimal digits.
  virtual std::string id() = 0;
};

class SystemRandom final : public Random {
 public:
  double uniform() override;
  std::string id() override;
};

// The wait before try number `attempt` (2 = first retry): full jitter under a doubling cap, so that many guards do
// not call at once (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015). The one retry curve.
// At least a tenth of the cap is waited, so that a retry is never immediate.
Duration backoff(int attempt, Duration base, Duration longest, double uniform);

}  // namespace guard
