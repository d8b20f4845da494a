// SPDX-License-Identifier: Apache-2.0
#include "guard/base/system_clock.hpp"

#include <ctime>
#include <fstream>

namespace guard {
namespace {

Duration read_clock(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::chrono::duration_cast<Duration>(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

}  // namespace

SystemClock::SystemClock() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::getline(file, boot_id_);
}

Instant SystemClock::now() const {
  return {WallTime(read_clock(CLOCK_REALTIME)), MonoTime(read_clock(CLOCK_BOOTTIME))};
}

}  // namespace guard
