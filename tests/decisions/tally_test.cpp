// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/tally.hpp"

#include <gmock/gmock.h>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;

sim::Plan bad() {
  sim::Plan plan;
  plan.roll_back = true;
  plan.begins = 10min;
  plan.deadline = 15min;
  return plan;
}

TEST(Calls, AreRightOnlyAfterItBeganAndInTimeOnlyUpToTheDeadline) {
  EXPECT_EQ(call_of(bad(), 9min), Call::false_rollback);
  EXPECT_EQ(call_of(bad(), 10min), Call::in_time);
  EXPECT_EQ(call_of(bad(), 15min), Call::in_time);
  EXPECT_EQ(call_of(bad(), 16min), Call::late);
  EXPECT_EQ(call_of(bad(), std::nullopt), Call::missed);
  EXPECT_EQ(call_of(sim::Plan{}, std::nullopt), Call::kept);
  EXPECT_EQ(call_of(sim::Plan{}, 1min), Call::false_rollback);
}

TEST(Tally, CountsEachTrialWhereItBelongs) {
  const Trials trials{{bad(), {12min}}, {bad(), {20min}},      {bad(), {std::nullopt}},
                      {bad(), {1min}},  {sim::Plan{}, {1min}}, {sim::Plan{}, {std::nullopt}}};
  const auto all = tally(trials, 0, [](const sim::Plan&) { return true; });
  EXPECT_EQ(all.in_time.of, 1);
  EXPECT_EQ(all.found.of, 2);
  EXPECT_EQ(all.found.all, 4);
  EXPECT_EQ(all.right.of, 2);
  EXPECT_EQ(all.right.all, 4);
  EXPECT_EQ(all.false_rollbacks.of, 1);
  EXPECT_EQ(all.false_rollbacks.all, 2);
  EXPECT_THAT(all.delays, testing::ElementsAre(2min, 10min));
}

// Of none in n the bound is 1 - 0.025^(1/n).
TEST(Tally, BoundsAShareExactly) {
  EXPECT_DOUBLE_EQ(interval_of({0, 1300}).low, 0);
  EXPECT_NEAR(interval_of({0, 1300}).high, 0.002834, 1e-6);
  EXPECT_DOUBLE_EQ(interval_of({10, 10}).high, 1);
  EXPECT_NEAR(interval_of({10, 10}).low, 0.691503, 1e-6);
}

TEST(Tally, TakesTheSmallestDelayThatEnoughAreWithin) {
  EXPECT_EQ(at_share({1s, 2s, 3s, 4s}, 0.5), 2s);
  EXPECT_EQ(at_share({1s, 2s, 3s, 4s}, 0.95), 4s);
  EXPECT_EQ(at_share({}, 0.5), std::nullopt);
}

}  // namespace
}  // namespace guard::decisions
