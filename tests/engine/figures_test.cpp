// SPDX-License-Identifier: Apache-2.0
//
// How releases went, as the guard that watched them counts it.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Figures : public Engine {
 protected:
  story::DeliveryView figures() { return world.guard->figures({{}, 24h}); }
};

TEST_F(Figures, OfARollbackThatHelpedAreThoseOfOneFailureThatIsOver) {
  watch();
  fail_service();
  world.run(4s);
  heal_service();
  world.run(4s);
  ASSERT_TRUE(world.view("r1").held_again_at);
  world.run(60min);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  const auto told = figures();
  EXPECT_EQ(told.all.deployments, 1);
  EXPECT_EQ(told.all.failed, 1);
  EXPECT_EQ(told.all.unrestored, 0);
  ASSERT_EQ(told.failures.size(), 1U);
  EXPECT_EQ(told.failures[0].restored_at, world.view("r1").held_again_at);
  EXPECT_EQ(told.failures[0].detected_at, world.view("r1").decisions[0].detected_at);
}

TEST_F(Figures, SurviveTheGuard) {
  watch();
  world.restart();
  EXPECT_EQ(figures().all.deployments, 1);
}

TEST_F(Figures, SayWhereTheStorageForgetsSooner) {
  EXPECT_THAT(world.guard->figures({{}, 24h * 365}).notes, Contains(HasSubstr("--storage.retention")));
}

}  // namespace
}  // namespace guard::test
