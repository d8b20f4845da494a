// SPDX-License-Identifier: Apache-2.0
//
// A rollback decision when the guard ends or dies, the journal fails, or the hook is gone.
#include "tests/engine/calls.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using engine::Lane;
using model::AttemptResult;
using model::CallState;
using model::Phase;
using model::Verb;
using testing::HasSubstr;

TEST_F(Calls, ADecisionThatCouldNotBeCarriedOutInTimeIsAPersons) {
  breach_and_die_before_calling();
  world.clock.step(31min);
  world.restart();
  world.run(5s);
  EXPECT_EQ(calls(), 0U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_THAT(world.view("r1").reason, HasSubstr("could not be called within 30m of the decision"));
  EXPECT_TRUE(world.view("r1").needs_person);
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].decision, decision().number) << "nothing was called before, so it is a new decision";
}

TEST_F(Calls, ACallThatNeverBeganIsNotMadeTooLate) {
  world.executor->hold(Lane::hook);
  breach();
  world.hook->recovery = std::nullopt;
  world.clock.step(31min);
  world.restart();
  world.run(5s);
  EXPECT_EQ(calls(), 0U);
  EXPECT_EQ(decision().state, CallState::failed);
  EXPECT_EQ(decision().attempts.back().detail, "not run: the guard stopped before it began");
}

TEST_F(Calls, AHookThatIsNoLongerConfiguredIsSaidAndNothingIsCalled) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(70s);
  ASSERT_EQ(world.phase("r1"), Phase::passed);
  const auto gone = world.hook;
  world.hook = nullptr;
  world.restart();
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(2s);
  EXPECT_TRUE(gone->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(decision().state, CallState::failed);
  EXPECT_THAT(world.view("r1").reason, HasSubstr("the hook is no longer configured; nothing was called"));
}

TEST_F(Calls, AHookThatWasBeingCalledAndIsNoLongerConfiguredIsUnknown) {
  world.executor->hold(Lane::hook);
  breach();
  world.hook = nullptr;
  world.restart();
  world.run(2s);
  EXPECT_EQ(decision().state, CallState::unknown);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
}

TEST_F(Calls, AReloadDoesNotTakeAHookFromAnOpenWatch) {
  world.hook->results = {AttemptResult::retry};
  breach();
  const auto kept = std::exchange(world.hook, nullptr);
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.run(20s);
  EXPECT_EQ(kept->calls.size(), 2U);
}

TEST_F(Calls, ARetryWhoseIntentCannotBeStoredIsTriedAgainEachSecondNotAllTheTime) {
  world.hook->results = {AttemptResult::retry};
  breach();
  world.clock.step(1min);
  world.disk.full = true;
  const auto failed = world.telemetry.commits[false];
  beat();
  EXPECT_EQ(world.telemetry.commits[false], failed + 1);
  for (int i = 0; i < 10; ++i) beat();
  EXPECT_EQ(world.telemetry.commits[false], failed + 1);
  EXPECT_EQ(beat(), world.clock.now().mono + 1s);
  EXPECT_EQ(calls(), 1U) << "without a durable intent no call";
  world.disk.full = false;
  world.run(1s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, AnOutcomeThatCannotBeStoredIsTriedAgainEachSecondNotAllTheTime) {
  world.executor->hold(Lane::hook);
  breach();
  world.disk.full = true;
  world.executor->release(Lane::hook);
  const auto woken = world.wakes;
  world.settle();
  EXPECT_GT(world.wakes, woken) << "or it would wait until something else wakes the loop";
  const auto failed = world.telemetry.commits[false];
  for (int i = 0; i < 10; ++i) beat();
  EXPECT_EQ(beat(), world.clock.now().mono + 1s);
  EXPECT_EQ(world.telemetry.commits[false], failed);
  world.clock.step(1s);
  beat();
  EXPECT_EQ(world.telemetry.commits[false], failed + 1);
  EXPECT_TRUE(world.guard->has_unrecorded());
  world.disk.full = false;
  world.run(1s);
  EXPECT_FALSE(world.guard->has_unrecorded());
  EXPECT_EQ(decision().state, CallState::confirmed);
}

TEST_F(Calls, Fault47AGuardThatEndsWaitsFromTheIntentUntilTheOutcomeIsStored) {
  world.disk.on_commit = [this](const store::Batch& batch) {
    for (const model::Watch& watch : batch.watches)
      if (const auto* open = watch.open_rollback(); open != nullptr && open->state == CallState::decided)
        world.executor->hold(Lane::journal);
  };
  breach();
  world.disk.on_commit = nullptr;
  EXPECT_EQ(world.executor->waiting(Lane::journal), 1U) << "the intent";
  EXPECT_TRUE(world.guard->is_calling());
  world.guard->stop();
  world.executor->hold(Lane::hook);
  world.executor->release(Lane::journal);
  world.settle();
  EXPECT_TRUE(world.guard->is_calling());
  world.executor->hold(Lane::journal);
  world.executor->release(Lane::hook);
  world.settle();
  EXPECT_EQ(calls(), 1U);
  EXPECT_TRUE(world.guard->is_calling()) << "what the hook did is not stored yet";
  world.executor->release(Lane::journal);
  world.settle();
  EXPECT_FALSE(world.guard->is_calling());
  EXPECT_EQ(world.disk.watches["r1"].last_rollback()->state, CallState::confirmed);
}

TEST_F(Calls, AGuardThatEndsDoesNotWaitForAJournalThatTakesNothing) {
  world.executor->hold(Lane::hook);
  breach();
  world.disk.full = true;
  world.executor->release(Lane::hook);
  world.settle();
  EXPECT_FALSE(world.guard->is_calling());
  EXPECT_TRUE(world.guard->has_unrecorded());
}

TEST_F(Calls, AGuardThatEndsBeginsNoFurtherAttempt) {
  world.hook->results = {AttemptResult::retry};
  breach();
  world.guard->stop();
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(Calls, AnOutcomeThatDiedWithTheGuardIsAskedForAgain) {
  world.executor->hold(Lane::hook);
  breach();
  world.disk.full = true;
  world.executor->release(Lane::hook);
  world.settle();
  ASSERT_EQ(calls(), 1U);
  world.disk.full = false;
  world.hook->recovery = hooks::HookResult{AttemptResult::done, "exit 0", "", {}, 3s};
  world.restart();
  world.run(1s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->recoveries.size(), 1U);
  EXPECT_EQ(decision().state, CallState::confirmed);
}

TEST_F(Calls, AGuardThatDiesBeforeARetryGoesOnWithTheNextAttempt) {
  world.hook->results = {AttemptResult::retry};
  breach();
  world.restart();
  world.run(15s);
  ASSERT_EQ(calls(), 2U);
  EXPECT_EQ(world.hook->calls[1].attempt, 2);
  EXPECT_EQ(world.hook->calls[1].key, world.hook->calls[0].key);
  EXPECT_TRUE(world.hook->recoveries.empty());
}

}  // namespace
}  // namespace guard::test
