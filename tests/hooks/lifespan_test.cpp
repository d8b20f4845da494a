// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/lifespan.hpp"

#include <gtest/gtest.h>

namespace guard::hooks {
namespace {

TEST(Lifespan, EndsWithTheBoot) {
  EXPECT_TRUE(is_over({"a", ""}, {"b", ""}));
  EXPECT_FALSE(is_over({"a", ""}, {"a", ""}));
}

TEST(Lifespan, OfAContainerEndsWithItsFirstProcess) {
  EXPECT_TRUE(is_over({"a", "100"}, {"a", "200"}));
  EXPECT_TRUE(is_over({"a", "100"}, {"a", ""})) << "whose place is now taken outside of it";
  EXPECT_FALSE(is_over({"a", "100"}, {"a", "100"})) << "this process itself";
  EXPECT_FALSE(is_over({"a", ""}, {"a", "200"})) << "what was started elsewhere may go on there";
}

TEST(Lifespan, ThatIsNotKnownIsNeverOver) {
  EXPECT_FALSE(is_over({"", ""}, {"b", "200"}));
  EXPECT_FALSE(is_over({"a", ""}, {"", "200"}));
}

TEST(Lifespan, OfThisProcessIsTheBoot) {
  const auto here = lifespan_here("a");
  EXPECT_EQ(here.boot, "a");
  EXPECT_FALSE(is_over(here, lifespan_here("a")));
}

}  // namespace
}  // namespace guard::hooks
