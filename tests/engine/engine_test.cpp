// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/harness.hpp"

#include <algorithm>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using core::AttemptResult;
using core::Brake;
using core::CallState;
using core::DecisionKind;
using core::Phase;
using engine::Verb;

class Engine : public testing::Test {
 protected:
  // A release in `watching`, past its settle time, healthy so far.
  void watch(const std::string& id = "r1") {
    ASSERT_TRUE(world.announce(shop_release(id)));
    world.run(7s);
    ASSERT_EQ(world.phase(id), Phase::watching);
  }
  void fail_service() { world.metrics->now[error_rate] = one(0.2); }
  void heal_service() { world.metrics->now[error_rate] = one(0.001); }
  const core::Decision& last_decision(const std::string& id) {
    decision_ = world.view(id).decisions.back();
    return decision_;
  }

  World world;

 private:
  core::Decision decision_;
};

TEST_F(Engine, AGoodReleasePassesWhenItsWindowEnds) {
  watch();
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.telemetry.ended[Phase::passed], 1);
}

TEST_F(Engine, ABadReleaseIsRolledBackOnceAndVerified) {
  watch();
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].key, "shop/production/r1/1");
  EXPECT_EQ(world.hook->calls[0].subject.version, "v2");
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v1");
  EXPECT_EQ(world.phase("r1"), Phase::verifying);
  heal_service();
  world.run(10s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
  world.run(120s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.telemetry.rollbacks.size(), 1U);
  EXPECT_TRUE(world.telemetry.detection.has_value());
}

TEST_F(Engine, ABreachInTheSettleTimeIsNotActedOn) {
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(4s);
  EXPECT_EQ(world.phase("r1"), Phase::settling);
  heal_service();
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
}

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
  world.disk.on_commit = [&](const journal::Batch& batch) {
    for (const auto& watch : batch.watches)
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

TEST_F(Engine, AGuardThatDiesWithADecisionGoesOnWithTheSameKey) {
  watch();
  fail_service();
  world.disk.on_commit = [&](const journal::Batch& batch) {
    for (const auto& watch : batch.watches)
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

TEST_F(Engine, AGuardThatDiesDuringACallAsksTheHookWhatBecameOfItAndNeverCallsBlindly) {
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

TEST_F(Engine, AnUnknownOutcomeGoesToAPersonAndARepeatKeepsTheKey) {
  world.hook->results = {AttemptResult::unknown};
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_FALSE(world.view("r1").needs_person.empty());
  EXPECT_EQ(last_decision("r1").state, CallState::unknown);
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
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
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(world.hook->calls.size(), 2U);
  EXPECT_NE(world.hook->calls[1].key, world.hook->calls[0].key);
}

TEST_F(Engine, ObjectivesThatDoNotHoldAfterTheHookMakeTheRollbackFailed) {
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
  ASSERT_EQ(world.view("r1").rules.at(0).verdict, core::Verdict::breached);
  heal_service();
  world.run(4s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
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

TEST_F(Engine, NoDataIsNeverPassed) {
  world.metrics->now.clear();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(70s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
}

TEST_F(Engine, APrometheusThatFailsNeitherRollsBackNorPasses) {
  watch();
  world.metrics->now[error_rate] = std::unexpected(core::SourceError{core::Reason::query_failed, "refused", true});
  world.run(70s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST_F(Engine, ABreachThatStoodBeforeTheDeploymentIsNotTheReleases) {
  world.metrics->past[error_rate] = one(0.2);
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(70s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
}

TEST_F(Engine, AnOldBreachThatBecomesClearlyWorseIsTheReleases) {
  world.metrics->past[error_rate] = one(0.02);
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(12s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, ModeAskWaitsForAPerson) {
  world.groups[0].rollback.mode = core::Mode::ask;
  world.guard.reset();
  world.restart();
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.phase("r1"), Phase::awaiting_approval);
  EXPECT_TRUE(world.hook->calls.empty());
  ASSERT_TRUE(world.order(Verb::approve, "r1"));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(last_decision("r1").actor, "anna");
}

TEST_F(Engine, ModeObserveSaysWhatItWouldDoAndNeverCalls) {
  world.groups[0].rollback.mode = core::Mode::observe;
  world.restart();
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(last_decision("r1").kind, DecisionKind::would_rollback);
  heal_service();
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified) << "a breached release never passes";
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST_F(Engine, ASecondAutomaticRollbackWaitsForTheCooldownAndAPersonMayOverrideIt) {
  watch("r1");
  fail_service();
  world.run(4s);
  heal_service();
  world.run(10s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3")));
  world.run(7s);
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(last_decision("r2").brake, Brake::cooldown);
  EXPECT_EQ(world.telemetry.brakes[Brake::cooldown], 1);
  ASSERT_TRUE(world.order(Verb::rollback, "r2"));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 2U);
}

TEST_F(Engine, TheBreakerHoldsWhenSeveralServicesBreakAtOnce) {
  world.settings.brakes.breaker_services = 2;
  world.settings.brakes.breaker_within = 10min;
  auto other = shop_group();
  other.name = "cart";
  other.match = {*core::Matcher::parse("service=\"cart\"")};
  world.groups.push_back(other);
  world.restart();
  auto cart = shop_release("c1");
  cart.service = "cart";
  ASSERT_TRUE(world.announce(cart));
  watch();
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("r1").brake, Brake::breaker);
  EXPECT_EQ(last_decision("c1").brake, Brake::breaker);
}

TEST_F(Engine, ARollbackIsNeverRolledBackAutomatically) {
  auto spec = shop_release("r1");
  spec.kind = core::ReleaseKind::rollback;
  ASSERT_TRUE(world.announce(spec));
  world.run(7s);
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("r1").brake, Brake::is_rollback);
}

TEST_F(Engine, APipelineThatAnnouncesTheRollbackDoesNotEndItsVerification) {
  watch();
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  EXPECT_TRUE(world.view("r2").is_rollback);
  heal_service();
  world.run(10s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
}

TEST_F(Engine, ANewerReleaseSupersedesTheWatchedOne) {
  watch();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  fail_service();
  world.run(20s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].release, "r2");
}

TEST_F(Engine, AReleaseWhoseHookIsRunningIsSupersededOnlyWhenTheHookIsBack) {
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::rolling_back);
  world.run(10s);
  EXPECT_EQ(last_decision("r2").brake, Brake::in_flight) << "at most one call in flight for a service and environment";
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(Engine, TheSameAnnouncementTwiceIsOneReleaseAndAnotherBodyIsAConflict) {
  EXPECT_TRUE(world.announce(shop_release("r1"))->created);
  EXPECT_FALSE(world.announce(shop_release("r1"))->created);
  const auto other = world.announce(shop_release("r1", "v9"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
}

TEST_F(Engine, AnUnmatchedReleaseIsRefusedLoudly) {
  auto spec = shop_release("r1");
  spec.environment = "staging";
  const auto answer = world.announce(spec);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::not_found);
}

TEST_F(Engine, AFreezeRefusesFeaturesAndLetsHotfixesPass) {
  const auto now = world.clock.now().wall;
  world.settings.freezes.push_back({{*core::Matcher::parse("environment=\"production\"")},
                                    now - 1h,
                                    now + 1h,
                                    {core::ReleaseKind::hotfix},
                                    "launch"});
  world.restart();
  const auto refused = world.announce(shop_release("r1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::locked);
  auto hotfix = shop_release("r2");
  hotfix.kind = core::ReleaseKind::hotfix;
  EXPECT_TRUE(world.announce(hotfix));
}

TEST_F(Engine, AReleaseThatCouldNotBeRolledBackIsRefusedWhenItIsAnnounced) {
  world.hook->rehearsal = fail(ErrorCode::invalid, "a version must not start with '-'");
  const auto answer = world.announce(shop_release("r1"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid);
}

TEST_F(Engine, ADeployingReleaseIsNotJudgedUntilItIsLive) {
  fail_service();
  auto spec = shop_release("r1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  world.run(30s);
  EXPECT_EQ(world.phase("r1"), Phase::deploying);
  ASSERT_TRUE(world.order(Verb::live, "r1"));
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, APausedWatchDoesNotActAndItsWindowStandsStill) {
  watch();
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  fail_service();
  world.run(200s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  EXPECT_TRUE(world.hook->calls.empty());
  heal_service();
  ASSERT_TRUE(world.order(Verb::resume, "r1"));
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
}

TEST_F(Engine, IllegalOrdersAreRefusedWithAReason) {
  watch();
  const auto answer = world.order(Verb::approve, "r1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::conflict);
  EXPECT_NE(answer.error().message.find("watching"), std::string::npos) << answer.error().message;
  EXPECT_EQ(world.order(Verb::pause, "nobody").error().code, ErrorCode::not_found);
}

TEST_F(Engine, CountsDecisionsAndThoseThatAPersonSetAside) {
  world.groups[0].rollback.mode = core::Mode::ask;
  world.restart();
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.telemetry.decisions.at({DecisionKind::ask, false}), 1);
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  EXPECT_EQ(world.telemetry.decisions.at({DecisionKind::abort, true}), 1);
  EXPECT_EQ(world.telemetry.set_aside[DecisionKind::ask], 1);
}

TEST_F(Engine, AShareOfABaselineSaysNothingAboutTheUnitOfTheValue) {
  auto& objective = world.groups[0].rules[0].objective;
  objective.unit = core::Unit::ratio;
  watch("r1");
  EXPECT_EQ(world.view("r1").rules[0].unit, core::Unit::ratio);
  objective.of_baseline = true;
  world.restart();
  watch("r2");
  EXPECT_EQ(world.view("r2").rules[0].unit, core::Unit::number);
}

TEST_F(Engine, AbortEndsTheWatchWithoutARollback) {
  watch();
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  fail_service();
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::aborted);
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST_F(Engine, ARestartGoesOnInTheMiddleOfABreachWithoutCountingTheDowntime) {
  world.groups[0].rules[0].breach.sustained = 10s;
  world.restart();
  watch();
  fail_service();
  world.run(5s);
  world.guard.reset();
  world.clock.step(20s);
  world.restart();
  world.run(2s);
  EXPECT_TRUE(world.hook->calls.empty()) << "twenty unobserved seconds must not complete ten observed ones";
  world.run(8s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, ARebootNeitherEndsNorRestartsTheWindow) {
  watch();
  world.run(20s);
  world.guard.reset();
  world.clock.reboot(5s);
  world.restart();
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
}

TEST_F(Engine, AFailedSignalRollsBackAndAMissingOneIsUnverified) {
  core::Rule e2e;
  e2e.slo = "e2e";
  e2e.kind = core::RuleKind::signal;
  e2e.signal = "e2e";
  world.groups[0].rules.push_back(e2e);
  world.restart();
  watch();
  ASSERT_TRUE(world.signal("r1", "e2e", false));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.signal("r1", "typo", false).error().code, ErrorCode::invalid);
}

TEST_F(Engine, ExplainsEachRuleAndWhatHappensNext) {
  watch();
  fail_service();
  world.run(1s);
  const auto view = world.view("r1");
  ASSERT_EQ(view.rules.size(), 1U);
  EXPECT_NE(view.rules[0].explanation.find(error_rate), std::string::npos);
  EXPECT_NE(view.rules[0].explanation.find("20%"), std::string::npos) << view.rules[0].explanation;
  ASSERT_FALSE(view.next.empty());
  EXPECT_TRUE(view.window_end.has_value());
}

TEST_F(Engine, AFailedReloadChangesNothingAndIsTold) {
  std::optional<Result<std::string>> answer;
  world.guard->reload([&](Result<std::string> result) { answer = std::move(result); });
  world.settle();
  EXPECT_FALSE(answer.value());
  EXPECT_EQ(world.telemetry.reloads[false], 1);
  EXPECT_TRUE(world.announce(shop_release("r1")));
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
