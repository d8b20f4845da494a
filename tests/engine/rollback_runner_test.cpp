// SPDX-License-Identifier: Apache-2.0
//
// Attempts of a rollback decision, the waits between them, and what may happen to it meanwhile.
#include "tests/engine/calls.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using engine::Lane;
using model::AttemptResult;
using model::CallState;
using model::Phase;
using model::Verb;

TEST_F(Calls, TheOtherSideMaySayWhenToComeBack) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 40s;
  breach();
  world.run(30s);
  EXPECT_EQ(calls(), 1U);
  world.run(15s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, WhoAsksToComeBackAfterTheDeadlineIsNotWaitedFor) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 31min;
  breach();
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(decision().state, CallState::failed);
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(Calls, NoAttemptBeginsAfterTheDeadline) {
  world.hook->policy.attempts = 100;
  world.hook->policy.deadline = 20s;
  world.hook->results.assign(100, AttemptResult::retry);
  breach();
  world.run(60s);
  EXPECT_EQ(decision().state, CallState::failed);
  for (const auto& attempt : decision().attempts) EXPECT_LT(attempt.started_at, decision().at + 20s);
  EXPECT_GT(calls(), 2U);
}

TEST_F(Calls, APersonsOrderToCallAgainHasItsOwnTime) {
  world.hook->results = {AttemptResult::unknown, AttemptResult::retry, AttemptResult::done};
  breach();
  ASSERT_EQ(decision().state, CallState::unknown);
  world.clock.step(5h);
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(20s);
  EXPECT_EQ(calls(), 3U) << "the retry too";
  EXPECT_EQ(decision().state, CallState::confirmed);
}

TEST_F(Calls, TheKillSwitchHoldsTheNextAttemptAndSaysSoOnce) {
  use_kill_switch();
  world.hook->results = {AttemptResult::retry};
  breach();
  throw_kill_switch();
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(notes("the kill switch is on"), 1);
  fs::remove(folder / "stop");
  world.run(2s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, TheKillSwitchHoldsACallThatNeverBegan) {
  use_kill_switch();
  world.executor->hold(Lane::hook);
  breach();
  throw_kill_switch();
  world.hook->recovery = std::nullopt;
  world.restart();
  world.run(60s);
  EXPECT_EQ(calls(), 0U);
  fs::remove(folder / "stop");
  world.run(2s);
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].key, "shop/production/r1/1");
}

TEST_F(Calls, AHeldDecisionIsAPersonsWhenItsTimeIsOver) {
  use_kill_switch();
  world.hook->results = {AttemptResult::retry};
  breach();
  throw_kill_switch();
  world.clock.step(30min);
  world.run(2s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
}

TEST_F(Calls, APersonMayOverrideTheKillSwitch) {
  use_kill_switch();
  world.hook->results = {AttemptResult::unknown, AttemptResult::retry};
  breach();
  throw_kill_switch();
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(20s);
  EXPECT_EQ(calls(), 3U) << "retries belong to the order";
  EXPECT_EQ(decision().key, "shop/production/r1/1");
}

TEST_F(Calls, ANewerReleaseCallsOffARollbackThatWaitsForItsNextAttempt) {
  world.hook->results = {AttemptResult::retry};
  breach();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_EQ(decision().state, CallState::failed);
  world.metrics->now[error_rate] = one(0.001);
  world.run(60s);
  EXPECT_EQ(calls(), 1U) << "it would have put the newer release back";
}

TEST_F(Calls, ANewerReleaseThatCameDuringACallEndsItsRetries) {
  world.hook->results = {AttemptResult::retry};
  world.executor->hold(Lane::hook);
  breach();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::rolling_back) << "its hook may be running";
  world.metrics->now[error_rate] = one(0.001);
  world.executor->release(Lane::hook);
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(Calls, AnAbortedRollbackIsNotCalledAgainAndALaterOrderWaitsForNothing) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 20min;
  breach();
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  world.run(5s);
  EXPECT_EQ(decision().state, CallState::failed);
  EXPECT_EQ(calls(), 1U);
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(world.hook->calls[1].key, "shop/production/r1/" + std::to_string(decision().number));
  EXPECT_NE(world.hook->calls[1].key, world.hook->calls[0].key);
}

TEST_F(Calls, BetweenTwoAttemptsThePlaceIsTakenForEveryOtherRelease) {
  world.hook->results = {AttemptResult::retry};
  breach();
  // The pipeline announces the rollback it carries out, which leaves the watch of the rolled back release alone.
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  EXPECT_EQ(world.order(Verb::rollback, "r2").error().code, ErrorCode::conflict);
  world.run(30s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, SettingTheWallClockNeitherHurriesNorDelaysARetry) {
  for (const Duration jump : {Duration(-2h), Duration(10min)}) {
    world.hook->results = {AttemptResult::retry};
    world.hook->retry_after = 20s;
    const auto id = "r" + std::to_string(jump.count());
    world.hook->calls.clear();
    breach(id);
    world.clock.set_wall(jump);
    world.run(15s);
    EXPECT_EQ(calls(), 1U) << jump.count();
    world.run(10s);
    EXPECT_EQ(calls(), 2U) << jump.count();
    ASSERT_TRUE(world.order(Verb::abort, id));
    world.metrics->now[error_rate] = one(0.001);
    world.clock.step(3h);
  }
}

}  // namespace
}  // namespace guard::test
