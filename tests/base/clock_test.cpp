// SPDX-License-Identifier: Apache-2.0
#include "guard/base/system_clock.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

using namespace std::chrono_literals;

TEST(SystemClock, BootTimeNeverGoesBack) {
  const SystemClock clock;
  const auto first = clock.now();
  const auto second = clock.now();
  EXPECT_GE(second.mono, first.mono);
  EXPECT_GT(first.wall.time_since_epoch(), 24h * 365 * 50) << "wall time counts from 1970";
}

TEST(SystemClock, OneBootHasOneName) {
  EXPECT_EQ(SystemClock().boot_id(), SystemClock().boot_id());
  EXPECT_FALSE(SystemClock().boot_id().empty());
}

TEST(Instant, MovesBothClocks) {
  const Instant start{WallTime(5s), MonoTime(7s)};
  EXPECT_EQ(start + 2s, (Instant{WallTime(7s), MonoTime(9s)}));
}

}  // namespace
}  // namespace guard
