// SPDX-License-Identifier: Apache-2.0
//
// A configuration that is read anew, or cannot be.
#include "tests/engine/watching.hpp"

namespace guard::test {
namespace {

TEST_F(Engine, Fault55AFailedReloadChangesNothingAndIsTold) {
  std::optional<Result<std::string>> answer;
  world.guard->reload([&](Result<std::string> result) { answer = std::move(result); });
  world.settle();
  EXPECT_FALSE(answer.value());
  EXPECT_EQ(world.telemetry.reloads[false], 1);
  EXPECT_TRUE(world.announce(shop_release("r1")));
}

TEST_F(Engine, SaysSinceWhenItsConfigurationHolds) {
  const auto begun = world.guard->health();
  EXPECT_FALSE(begun.reload_failed);
  ASSERT_TRUE(begun.configured_at);
  world.run(10s);
  world.guard->reload([](const Result<std::string>&) {});
  world.settle();
  EXPECT_TRUE(world.guard->health().reload_failed);
  EXPECT_EQ(world.guard->health().configured_at, begun.configured_at);
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.settle();
  EXPECT_FALSE(world.guard->health().reload_failed);
  EXPECT_EQ(*world.guard->health().configured_at - *begun.configured_at, 10s);
}

TEST_F(Engine, AnOpenWatchKeepsItsRulesAcrossAReload) {
  watch();
  world.groups[0].rules[0].objective.bound = 0.9;
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.settle();
  fail_service();
  world.run(4s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

}  // namespace
}  // namespace guard::test
