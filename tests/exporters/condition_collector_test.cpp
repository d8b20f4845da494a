// SPDX-License-Identifier: Apache-2.0
#include "exporters/condition_collector.hpp"

#include "exporters/exposition.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ConditionCollector, TellsHowItIsWhenItIsAsked) {
  ConditionCollector::Condition now;
  Exposition page;
  page.add([&] { return std::make_shared<ConditionCollector>(now); });
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_store_trouble 0\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_log_lines_lost_total 0\n"));
  now = {true, 12, {{"shop", true}, {"search", false}}, 0s};
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_store_trouble 1\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_log_lines_lost_total 12\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_detection_blind{group=\"shop\"} 1\n"));
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_detection_blind{group=\"search\"} 0\n"));
}

TEST(ConditionCollector, Fault60ShowsByHowMuchTheClockWasSet) {
  const Instant began{WallTime{std::chrono::seconds(1'700'000'000)}, MonoTime{std::chrono::seconds(50)}};
  const auto after = [&](Duration wall, Duration mono) {
    return wall_clock_jump(began, {began.wall + wall, began.mono + mono});
  };
  EXPECT_EQ(after(60s, 60s), 0s) << "time that passes is no jump";
  EXPECT_EQ(after(3660s, 60s), 1h);
  EXPECT_EQ(after(-7140s, 60s), -2h);
  Exposition page;
  page.add([&] {
    return std::make_shared<ConditionCollector>(ConditionCollector::Condition{false, 0, {}, after(-7140s, 60s)});
  });
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("\nrelease_guard_clock_jump_seconds -7200\n"));
}

}  // namespace
}  // namespace guard::exporters
