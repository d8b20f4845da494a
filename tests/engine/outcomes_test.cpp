// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a decision: intent, call, outcome and verification, and what of it survives the guard.
#include "tests/engine/watching.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

TEST_F(Engine, WithoutADurableIntentNoHookIsCalled) {
  watch();
  world.disk.full = true;
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_FALSE(world.guard->health().ready);
  world.disk.full = false;
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_TRUE(world.guard->health().ready);
}

TEST_F(Engine, IntentIsDurableBeforeTheHookIsCalled) {
  watch();
  std::vector<CallState> states;
  world.disk.on_commit = [&](const store::Batch& batch) {
    for (const model::Watch& watch : batch.watches)
      if (const auto* last = watch.last_rollback())
        states.push_back(world.hook->calls.empty() ? last->state : CallState::none);
  };
  fail_service();
  world.run(4s);
  ASSERT_GE(states.size(), 2U);
  EXPECT_EQ(states[0], CallState::decided);
  EXPECT_EQ(states[1], CallState::calling);
}

TEST_F(Engine, AnOutcomeTheJournalCouldNotTakeIsKeptAndTheHookIsNotCalledAgain) {
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_EQ(world.executor->waiting(engine::Lane::hook), 1U);
  world.disk.full = true;
  world.executor->release(engine::Lane::hook);
  world.run(5s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  world.disk.full = false;
  world.run(2s);
  EXPECT_EQ(world.phase("r1"), Phase::verifying);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, Fault46AGuardThatDiesWithADecisionGoesOnWithTheSameKey) {
  watch();
  fail_service();
  world.disk.on_commit = [&](const store::Batch& batch) {
    for (const model::Watch& watch : batch.watches)
      if (watch.open_rollback() != nullptr) world.executor->hold(engine::Lane::journal);
  };
  world.run(4s);
  ASSERT_TRUE(world.hook->calls.empty());
  world.disk.on_commit = nullptr;
  world.restart();
  world.run(2s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].key, "shop/production/r1/1");
}

TEST_F(Engine, Fault46AGuardThatDiesDuringACallAsksTheHookWhatBecameOfItAndNeverCallsBlindly) {
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  world.hook->recovery = hooks::HookResult{AttemptResult::done, "exit 0", "", {}, 3s};
  world.restart();
  world.run(2s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.hook->recoveries.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::verifying);
}

TEST_F(Engine, ACallThatProvablyNeverStartedIsMadeAfterARestart) {
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  world.hook->recovery = std::nullopt;
  world.restart();
  world.run(2s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].attempt, 1);
}

TEST_F(Engine, Fault35AnUnknownOutcomeGoesToAPersonAndARepeatKeepsTheKey) {
  world.hook->results = {AttemptResult::unknown};
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_TRUE(world.view("r1").needs_person);
  EXPECT_EQ(last_decision("r1").state, CallState::unknown);
  ASSERT_TRUE(world.order(model::Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(world.hook->calls.size(), 2U);
  EXPECT_EQ(world.hook->calls[1].key, world.hook->calls[0].key);
  EXPECT_EQ(world.hook->calls[1].attempt, 2);
}

TEST_F(Engine, AnIdempotentHookIsTriedAgainAfterAnUnknownOutcomeWithTheSameKey) {
  world.hook->policy.idempotent = true;
  world.hook->results = {AttemptResult::unknown, AttemptResult::unknown};
  watch();
  fail_service();
  world.run(60s);
  ASSERT_EQ(world.hook->calls.size(), 3U);
  for (const auto& call : world.hook->calls) EXPECT_EQ(call.key, "shop/production/r1/1");
}

TEST_F(Engine, AHookThatAsksToTryAgainIsTriedAsOftenAsItsPolicySays) {
  world.hook->results = {AttemptResult::retry, AttemptResult::retry, AttemptResult::retry, AttemptResult::retry};
  watch();
  fail_service();
  world.run(120s);
  EXPECT_EQ(world.hook->calls.size(), 3U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(last_decision("r1").state, CallState::failed);
}

TEST_F(Engine, Fault41NoAttemptIsMadeBesideOneThatMayStillRun) {
  world.hook->policy.idempotent = true;
  world.hook->results = {AttemptResult::unknown};
  world.hook->may_still_run = true;
  watch();
  fail_service();
  world.run(120s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(last_decision("r1").state, CallState::unknown);
}

TEST_F(Engine, WhatNeverReachedTheHookCostsNoAttemptAndIsTriedUntilTheDeadline) {
  world.hook->results.assign(10, AttemptResult::not_started);
  watch();
  fail_service();
  world.run(10min);
  EXPECT_EQ(world.hook->calls.size(), 11U) << "the eleventh reached it";
  EXPECT_EQ(last_decision("r1").state, CallState::confirmed);
}

TEST_F(Engine, WhatNeverReachesTheHookIsAPersonsAfterTheDeadline) {
  world.hook->results.assign(1000, AttemptResult::not_started);
  watch();
  fail_service();
  world.run(1h);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(last_decision("r1").state, CallState::failed) << "nothing was done";
  EXPECT_LT(world.hook->calls.size(), 100U);
}

TEST_F(Engine, ALaterAttemptIsToldThatAnEarlierOneMayHaveActed) {
  world.hook->policy.idempotent = true;
  world.hook->results = {AttemptResult::retry, AttemptResult::unknown};
  watch();
  fail_service();
  world.run(120s);
  ASSERT_EQ(world.hook->calls.size(), 3U);
  EXPECT_FALSE(world.hook->calls[1].may_have_acted);
  EXPECT_TRUE(world.hook->calls[2].may_have_acted);
}

TEST_F(Engine, AFailureAfterAnUnknownAttemptStaysUnknown) {
  world.hook->policy.idempotent = true;
  world.hook->results = {AttemptResult::unknown, AttemptResult::failed};
  watch();
  fail_service();
  world.run(60s);
  EXPECT_EQ(last_decision("r1").state, CallState::unknown);
}

TEST_F(Engine, AfterAProvenFailureAPersonsOrderIsANewDecision) {
  world.hook->results = {AttemptResult::failed};
  watch();
  fail_service();
  world.run(5s);
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  ASSERT_TRUE(world.order(model::Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(world.hook->calls.size(), 2U);
  EXPECT_NE(world.hook->calls[1].key, world.hook->calls[0].key);
}

TEST_F(Engine, Fault45ObjectivesThatDoNotHoldAfterTheHookMakeTheRollbackFailed) {
  watch();
  fail_service();
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, AServiceThatRecoversSlowlyAfterTheHookIsRolledBack) {
  watch();
  fail_service();
  world.run(8s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  ASSERT_EQ(world.view("r1").rules.at(0).verdict, model::Verdict::breached);
  heal_service();
  world.run(4s);
  EXPECT_TRUE(world.view("r1").held_again_at.has_value());
  world.run(25s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
}

TEST_F(Engine, WhatTheVerificationHasSeenOutlivesTheGuard) {
  watch();
  fail_service();
  world.run(4s);
  heal_service();
  world.run(8s);
  const auto held = world.view("r1").held_again_at;
  ASSERT_TRUE(held.has_value());
  world.restart();
  EXPECT_EQ(world.view("r1").held_again_at, held);
  fail_service();
  world.run(8s);
  ASSERT_TRUE(world.view("r1").broken_again_at.has_value());
  world.restart();
  EXPECT_THAT(world.view("r1").needs_person, testing::Optional(testing::HasSubstr("broke again")));
  world.run(30s);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, ASecondVerificationBeginsAfresh) {
  watch();
  fail_service();
  world.run(4s);
  heal_service();
  world.run(8s);
  ASSERT_TRUE(world.view("r1").held_again_at.has_value());
  ASSERT_TRUE(world.order(model::Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  EXPECT_FALSE(world.view("r1").held_again_at.has_value());
}

TEST_F(Engine, MissingDataAfterTheHookLeavesTheReleaseUnverified) {
  watch();
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  world.metrics->now.clear();
  world.run(40s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
}

}  // namespace
}  // namespace guard::test
