// SPDX-License-Identifier: Apache-2.0
#include "guard/base/time_text.hpp"

#include <gtest/gtest.h>

namespace guard {
namespace {

using namespace std::chrono_literals;

TEST(TimeText, ShortDurationsShowTheTwoLargestUnits) {
  EXPECT_EQ(short_duration(0s), "0s");
  EXPECT_EQ(short_duration(45s + 900ms), "45s");
  EXPECT_EQ(short_duration(4min + 5s), "4m5s");
  EXPECT_EQ(short_duration(1h + 12min + 59s), "1h12m");
  EXPECT_EQ(short_duration(51h), "2d3h");
  EXPECT_EQ(short_duration(48h), "2d");
  EXPECT_EQ(short_duration(24h * 10 + 1h), "10d1h");
  EXPECT_EQ(short_duration(-3s), "0s");
}

TEST(TimeText, MomentsAreToldFromNow) {
  constexpr WallTime noon{1769860800s};
  EXPECT_EQ(time_text(noon), "2026-01-31 12:00:00 UTC");
  EXPECT_EQ(relative(noon + 65s, noon), "in 1m5s");
  EXPECT_EQ(relative(noon - 65s, noon), "1m5s ago");
  EXPECT_EQ(relative(noon, noon), "0s ago");
}

}  // namespace
}  // namespace guard
