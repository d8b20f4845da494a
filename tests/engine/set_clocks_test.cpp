// SPDX-License-Identifier: Apache-2.0
//
// Clocks that are set, and a machine that was down: an attempt is made in its time or not at all.
#include "tests/engine/acting.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

TEST_F(ActingOnce, AClockThatIsSetBackDoesNotDelayTheNextAttempt) {
  world.hook->results = {AttemptResult::retry};
  break_release();
  world.clock.set_wall(-2h);
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 2U);
}

TEST_F(ActingOnce, Fault60AClockThatIsSetBackOverARestartDelaysNoAttempt) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 20s;
  break_release();
  ASSERT_EQ(world.hook->calls.size(), 1U);
  world.clock.set_wall(-2h);
  world.restart();
  world.run(15s);
  EXPECT_EQ(world.hook->calls.size(), 1U) << "the other side asked for this time";
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 2U);
}

TEST_F(ActingOnce, ADecisionThatWaitsIsAPersonsOnceItsDeadlineIsOver) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 20min;
  break_release();
  world.clock.step(19min);
  world.clock.set_wall(-19min);  // so that the next guard waits for all of it again
  world.restart();
  world.run(11min + 5s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
}

TEST_F(ActingOnce, Fault62ARebootUnderTheSameNameIsFoundByItsTime) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(20s);
  world.clock.reboot_unnamed(5s);
  world.restart();
  const auto asked = world.telemetry.evaluations[model::Outcome::ok];
  world.run(15s);
  EXPECT_GE(world.telemetry.evaluations[model::Outcome::ok], asked + 14);
  EXPECT_EQ(world.view("r1").rules.at(0).read_at, world.clock.now().wall) << "no reading is thrown away";
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.metrics->now[error_rate] = one(0.2);
  world.run(4s);
  EXPECT_EQ(world.hook->calls.size(), 1U) << "and a breach is acted on";
}

TEST_F(ActingOnce, Fault62ARebootUnderTheSameNameNeitherEndsNorStretchesTheWindow) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(20s);
  world.clock.reboot_unnamed(5s);
  world.restart();
  world.run(33s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.run(4s);
  EXPECT_NE(world.phase("r1"), Phase::watching);
}

TEST_F(ActingOnce, Fault60AClockThatIsSetNeitherEndsNorRestartsAWindow) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(20s);
  world.clock.set_wall(3h);
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.clock.set_wall(-6h);
  world.run(19s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.run(2s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
}

TEST_F(ActingOnce, WhichReleaseIsTheNewestDoesNotHangOnTheClock) {
  world.clock.set_wall(1h);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.clock.set_wall(-1h);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_TRUE(world.order(Verb::rollback, "r2"));
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(ActingOnce, AClockThatIsSetForwardDoesNotEndTheAttempts) {
  world.hook->results = {AttemptResult::retry};
  break_release();
  ASSERT_EQ(world.hook->calls.size(), 1U);
  world.clock.set_wall(2h);
  world.run(30s);
  EXPECT_EQ(world.hook->calls.size(), 2U);
  EXPECT_EQ(rollback_of("r1").state, CallState::confirmed);
}

TEST_F(ActingOnce, AnAttemptThatWaitedWhileTheMachineWasDownForDaysIsNotMade) {
  world.hook->results = {AttemptResult::retry};
  break_release();
  ASSERT_EQ(rollback_of("r1").state, CallState::decided);
  world.clock.reboot(72h);
  world.restart();
  world.run(30s);
  EXPECT_EQ(world.hook->calls.size(), 1U) << "nobody knows what has changed since";
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_TRUE(world.view("r1").needs_person);
}

}  // namespace
}  // namespace guard::test
