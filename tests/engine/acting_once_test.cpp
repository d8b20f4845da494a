// SPDX-License-Identifier: Apache-2.0
//
// A rollback happens once, in time, for the release it was decided for, or a person is told.
#include "tests/engine/acting.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

TEST_F(ActingOnce, Fault56ASupersededReleaseIsNotRolledBackByAnAttemptThatWaited) {
  world.hook->results = {AttemptResult::retry};
  break_release();
  ASSERT_EQ(world.hook->calls.size(), 1U);
  ASSERT_EQ(rollback_of("r1").state, CallState::decided);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_EQ(rollback_of("r1").state, CallState::failed);
  world.run(90s);
  EXPECT_EQ(world.hook->calls.size(), 1U) << "it would roll back the release that took its place";
  EXPECT_EQ(world.phase("r2"), Phase::passed);
}

TEST_F(ActingOnce, AReleaseSupersededDuringACallIsNotTriedAgain) {
  world.hook->results = {AttemptResult::retry};
  world.executor->hold(engine::Lane::hook);
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  world.executor->release(engine::Lane::hook);
  world.run(90s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(ActingOnce, ACallThatNeverBeganIsNotMadeForASupersededRelease) {
  world.executor->hold(engine::Lane::hook);
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.hook->recovery = std::nullopt;
  world.restart();
  world.run(2s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(ActingOnce, AbortBetweenTwoAttemptsMakesTheFirstOneTheLast) {
  world.hook->results = {AttemptResult::retry};
  break_release();
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  EXPECT_EQ(rollback_of("r1").state, CallState::failed);
  world.run(90s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::aborted);
}

TEST_F(ActingOnce, ADecisionWhoseTurnIsLongOverGoesToAPersonInsteadOfTheHook) {
  when_decided([this] { world.executor->hold(engine::Lane::journal); });
  break_release();
  ASSERT_TRUE(world.hook->calls.empty());
  world.guard.reset();
  world.clock.step(5h);
  world.restart();
  world.run(5s);
  EXPECT_TRUE(world.hook->calls.empty()) << "nobody has looked at the service since";
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_THAT(world.view("r1").needs_person,
              testing::Optional(testing::HasSubstr("it could not be called within 30m")));
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(ActingOnce, ANextAttemptThatWouldComeAfterTheDeadlineIsNotWaitedFor) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 24h;
  break_release();
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(rollback_of("r1").state, CallState::failed);
  EXPECT_TRUE(world.view("r1").needs_person);
}

TEST_F(ActingOnce, WhatTheJournalWouldNotTakeIsTriedAgainWithinASecond) {
  when_decided([this] { world.disk.full = true; });
  break_release();
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  EXPECT_LE(world.guard->tick() - world.clock.now().mono, 1s);
  EXPECT_TRUE(world.hook->calls.empty());
  world.disk.full = false;
  world.run(2s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(ActingOnce, AJournalThatIsLostEndsTheGuardBeforeAnythingIsCalled) {
  when_decided([this] { world.disk.broken = true; });
  break_release();
  EXPECT_TRUE(world.guard->journal_is_lost());
  EXPECT_FALSE(world.guard->health().ready);
  EXPECT_TRUE(world.hook->calls.empty());
  world.disk.broken = false;
  world.restart();
  world.run(2s);
  EXPECT_FALSE(world.guard->journal_is_lost());
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].key, "shop/production/r1/1");
}

TEST_F(ActingOnce, AFullDiskIsTroubleButNoReasonToEnd) {
  world.disk.full = true;
  EXPECT_EQ(world.announce(shop_release("r1")).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(world.guard->journal_is_lost());
  EXPECT_FALSE(world.guard->health().ready);
}

TEST_F(ActingOnce, ARollbackThatThePipelineAnnouncedDoesNotBarThePersonWhoOrdersItAgain) {
  world.hook->results = {AttemptResult::failed};
  break_release();
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  ASSERT_TRUE(world.view("r2").is_rollback);
  EXPECT_TRUE(world.order(Verb::rollback, "r1"));
}

TEST_F(ActingOnce, AnOlderReleaseThanTheNewestCannotBeRolledBack) {
  world.hook->results = {AttemptResult::failed};
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  const auto refused = world.order(Verb::rollback, "r1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "release r2 is newer; order its rollback instead");
}

TEST_F(ActingOnce, WhatRunsCanBeRolledBackByAPersonWhileTheNextIsBeingDeployed) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  auto next = shop_release("r2", "v3", "v2");
  next.deploying = true;
  ASSERT_TRUE(world.announce(next));
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v1");
}

TEST_F(ActingOnce, TheNextGuardAlsoTellsWhatAHookDidToTheNextRelease) {
  world.executor->hold(engine::Lane::hook);
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.executor->release(engine::Lane::hook);
  world.executor->lose_answers(engine::Lane::hook);
  world.guard.reset();
  world.restart();
  world.run(2s);
  ASSERT_EQ(world.hook->recoveries.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_TRUE(world.view("r2").needs_person);
}

TEST_F(ActingOnce, WhatAHookDidToTheNextReleaseKeepsThatFromPassing) {
  world.executor->hold(engine::Lane::hook);
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.run(7s);
  EXPECT_EQ(world.view("r2").needs_person, std::nullopt);
  world.executor->release(engine::Lane::hook);
  world.settle();
  ASSERT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_THAT(world.view("r2").needs_person, testing::Optional(testing::HasSubstr("the rollback of release r1")));
  world.restart();
  world.run(90s);
  EXPECT_EQ(world.phase("r2"), Phase::unverified);
  EXPECT_THAT(world.view("r2").reason, testing::HasSubstr("look at which version is served"));
}

TEST_F(ActingOnce, AHookThatFailedDidNothingToTheNextRelease) {
  world.hook->results = {AttemptResult::failed};
  world.executor->hold(engine::Lane::hook);
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.executor->release(engine::Lane::hook);
  world.run(90s);
  EXPECT_EQ(world.phase("r2"), Phase::passed);
}

TEST_F(ActingOnce, WhereThatOneHasEndedAPersonIsToldOfTheRelease) {
  world.executor->hold(engine::Lane::hook);
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.run(70s);
  ASSERT_EQ(world.phase("r2"), Phase::passed);
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_THAT(world.view("r1").needs_person,
              testing::Optional(testing::HasSubstr("ended after it (confirmed): look at which version")));
}

TEST_F(ActingOnce, AHookThatBroughtWhatTheNextReleaseBringsDisturbsNothing) {
  world.executor->hold(engine::Lane::hook);
  break_release();
  auto next = shop_release("r2", "v1", "v3");  // the version the hook goes back to, deployed by hand
  ASSERT_TRUE(world.announce(next));
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back) << "superseded once the hook has returned";
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_EQ(world.view("r2").needs_person, std::nullopt);
}

TEST_F(ActingOnce, ARollbackToAThirdVersionIsDisturbedToo) {
  world.executor->hold(engine::Lane::hook);
  break_release();
  auto next = shop_release("r2", "v0", "v2");
  next.kind = model::ReleaseKind::rollback;
  ASSERT_TRUE(world.announce(next));
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_TRUE(world.view("r2").needs_person);
}

TEST_F(ActingOnce, APersonWhoIsAskedAtTheEndOfTheWindowHasTimeToAnswer) {
  world.groups[0].rollback.mode = model::Mode::ask;
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(59s);
  world.metrics->now[error_rate] = one(0.2);
  world.run(5s);
  ASSERT_EQ(world.phase("r1"), Phase::awaiting_approval);
  EXPECT_GT(world.view("r1").window_end, world.clock.now().wall + 20s);
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::awaiting_approval);
  world.run(15s);
  EXPECT_EQ(world.phase("r1"), Phase::breached);
}

TEST_F(ActingOnce, BetweenTwoAttemptsNoOtherRollbackOfThePlaceBegins) {
  world.hook->results = {AttemptResult::retry};
  break_release();
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back) << "r2 is how the deployment carries it out";
  const auto refused = world.order(Verb::rollback, "r2");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("the rollback of release r1"));
}

TEST_F(ActingOnce, ASecondOfTheSameOrderIsRefusedWhileTheFirstIsCarriedOut) {
  world.executor->hold(engine::Lane::hook);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  EXPECT_EQ(world.order(Verb::rollback, "r1").error().code, ErrorCode::conflict);
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(ActingOnce, VerifyingABreachAgainLeadsToNoSecondCall) {
  break_release();
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  for (int i = 0; i < 5; ++i) {
    world.metrics->now[error_rate] = one(0.9);
    world.run(3s);
    world.metrics->now[error_rate] = one(0.001);
    world.run(1s);
  }
  EXPECT_EQ(world.hook->calls.size(), 1U);
  world.run(15s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
}

}  // namespace
}  // namespace guard::test
