// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/mann_whitney.hpp"

#include <gmock/gmock.h>

namespace guard::decisions {
namespace {

using Values = std::vector<double>;

// Of the 20 ways to choose three of six ranks one is as high as 4, 5, 6; two are as high as 3, 5, 6.
TEST(MannWhitney, CountsTheChoicesThatAreAsHigh) {
  EXPECT_DOUBLE_EQ(chance_of_as_high(Values{4, 5, 6}, Values{1, 2, 3}), 1.0 / 20);
  EXPECT_DOUBLE_EQ(chance_of_as_high(Values{3, 5, 6}, Values{1, 2, 4}), 2.0 / 20);
  EXPECT_DOUBLE_EQ(chance_of_as_high(Values{1, 2, 3}, Values{4, 5, 6}), 1);
}

// 1 and 1 beside 0 and 1: the ranks are 3, 3 and 1, 3. Three of the six choices have both of rank 3.
TEST(MannWhitney, TiesShareTheirRanks) {
  EXPECT_DOUBLE_EQ(chance_of_as_high(Values{1, 1}, Values{0, 1}), 3.0 / 6);
}

TEST(MannWhitney, FindsTheShiftBetweenTwoSamples) {
  Values control;
  Values experiment;
  for (int i = 0; i < 50; ++i) {
    control.push_back(i);
    experiment.push_back(i + 20);
  }
  const auto shift = shift_between(experiment, control, 0.98);
  EXPECT_NEAR(shift.estimate, 20, 0.5);
  EXPECT_GT(shift.low, 5);
  EXPECT_LT(shift.high, 35);
  EXPECT_TRUE(is_surely_above(experiment, control, 0.98));
  EXPECT_FALSE(is_surely_above(control, control, 0.98));
}

}  // namespace
}  // namespace guard::decisions
