// SPDX-License-Identifier: Apache-2.0
//
// Time as values. Wall time is for people and for PromQL; boot time (CLOCK_BOOTTIME, which also runs while the
// machine sleeps) measures windows, so that setting the wall clock neither ends nor restarts one.
// Nothing here reads a clock: guard/base/clock.hpp is the only seam. Values; safe from any thread.
#pragma once

#include <chrono>

namespace guard {

using Duration = std::chrono::milliseconds;

// A tag, not a clock: it has no now(). Its epoch is the boot of the machine.
struct BootClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock, Duration>;
  static constexpr bool is_steady = true;
};

using WallTime = std::chrono::sys_time<Duration>;
using MonoTime = BootClock::time_point;

// One moment, told by both clocks.
struct Instant {
  WallTime wall{};
  MonoTime mono{};

  bool operator==(const Instant&) const = default;
};

inline Instant operator+(Instant t, Duration d) {
  return {t.wall + d, t.mono + d};
}

}  // namespace guard
