// SPDX-License-Identifier: Apache-2.0
#include "guard/base/system_clock.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <poll.h>

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

void let_pass(Duration time) {
  constexpr Duration::rep longest = 60'000;
  ::poll(nullptr, 0, static_cast<int>(std::clamp<Duration::rep>(time.count(), 0, longest)));
}

}  // namespace guard
