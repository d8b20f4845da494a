// SPDX-License-Identifier: Apache-2.0
//
// Which shares explain what was seen.
#include "guard/core/share_bounds.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

TEST(TheMostThatMayHide, IsAllOfItWhereNothingWasSeen) {
  EXPECT_EQ(hidden_share({0, 0}), 1);
}

TEST(TheMostThatMayHide, IsThreeOfAllThatWereSeenWithoutABadOne) {
  EXPECT_NEAR(hidden_share({0, 299}), 0.01, 0.0001) << "rule of three";
  EXPECT_NEAR(hidden_share({0, 40}), 0.072, 0.001);
}

TEST(TheLeastThatExplains, IsNothingWithoutABadOne) {
  EXPECT_EQ(least_share({0, 299}, 0.05), 0);
  EXPECT_EQ(least_share({0, 0}, 0.05), 0);
}

TEST(TheLeastThatExplains, IsNearerToWhatWasSeenTheMoreWasSeen) {
  EXPECT_NEAR(least_share({6, 6}, 0.05), 0.607, 0.001) << "the sixth root of the doubt";
  EXPECT_NEAR(least_share({600, 600}, 0.05), 0.995, 0.001);
}

TEST(TheLeastThatExplains, IsSmallerTheLessDoubtIsLeft) {
  EXPECT_LT(least_share({20, 100}, 0.001), least_share({20, 100}, 0.05));
}

}  // namespace
}  // namespace guard::core
