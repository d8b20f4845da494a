// SPDX-License-Identifier: Apache-2.0
//
// A rollback happens once, in time, for the release it was decided for, or a person is told.
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using model::CallState;
using model::Phase;
using model::Verb;

class ActingOnce : public testing::Test {
 protected:
  // A release that breaks after it settled; run until its hook has been called, or would have been.
  void break_release() {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    world.run(7s);
    ASSERT_EQ(world.phase("r1"), Phase::watching);
    world.metrics->now[error_rate] = one(0.2);
    world.run(4s);
    world.metrics->now[error_rate] = one(0.001);
  }
  // Runs `what` as soon as a rollback is durably decided, before anything else is done about it.
  void when_decided(std::function<void()> what) {
    world.disk.on_commit = [what = std::move(what), done = false](const store::Batch& batch) mutable {
      const bool decided = std::any_of(batch.watches.begin(), batch.watches.end(),
                                       [](const model::Watch& watch) { return watch.open_rollback() != nullptr; });
      if (decided && !std::exchange(done, true)) what();
    };
  }
  const model::Decision& rollback_of(const std::string& id) {
    decision_ = world.view(id).decisions.front();
    return decision_;
  }

  World world;

 private:
  model::Decision decision_;
};

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
