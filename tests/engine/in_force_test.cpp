// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/in_force.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

TEST(InForce, TellsTheFreezesThatHaveBegunAndAreNotOver) {
  const WallTime now{1000h};
  const auto freeze = [&](Duration from, Duration until, const char* reason) {
    model::Freeze out;
    out.span = {now + from, now + until};
    out.reason = reason;
    return out;
  };
  const auto told =
      engine::in_force({freeze(-2h, -1h, "over"), freeze(-1h, 1h, "now"), freeze(1h, 2h, "to come")}, false, now);
  EXPECT_THAT(told.freezes, testing::ElementsAre(story::InForce::Freeze{now + 1h, "now"}));
  EXPECT_FALSE(told.kill_switch);
  EXPECT_TRUE(engine::in_force({}, true, now).kill_switch);
}

}  // namespace
}  // namespace guard::test
