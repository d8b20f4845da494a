// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/watching.hpp"

#include <algorithm>

namespace guard::test {
namespace {

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
  EXPECT_EQ(world.phase("r1"), Phase::verifying) << "they are watched on";
  EXPECT_TRUE(world.view("r1").held_again_at.has_value());
  world.run(25s);
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

TEST_F(Engine, TheReadingThatEndsTheSettleTimeIsActedOn) {
  world.groups[0].rules[0].breach.sustained = 0s;
  world.guard.reset();
  world.restart();
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(4s);
  EXPECT_TRUE(world.hook->calls.empty());
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U) << "one reading later is one interval of a broken production";
}

TEST_F(Engine, NoDataIsNeverPassed) {
  world.metrics->now.clear();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(70s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
}

TEST_F(Engine, Fault1APrometheusThatFailsNeitherRollsBackNorPasses) {
  watch();
  world.metrics->now[error_rate] = std::unexpected(model::SourceError{model::Reason::query_failed, "refused", true});
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
  world.groups[0].rollback.mode = model::Mode::ask;
  world.guard.reset();
  world.restart();
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.phase("r1"), Phase::awaiting_approval);
  EXPECT_TRUE(world.hook->calls.empty());
  ASSERT_TRUE(world.order(model::Verb::approve, "r1"));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(last_decision("r1").actor, "anna");
}

TEST_F(Engine, ModeObserveSaysWhatItWouldDoAndNeverCalls) {
  world.groups[0].rollback.mode = model::Mode::observe;
  world.restart();
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(last_decision("r1").kind, DecisionKind::would_rollback);
  heal_service();
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::breached) << "a breached release never passes";
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST_F(Engine, Fault58ASecondAutomaticRollbackWaitsForTheCooldownAndAPersonMayOverrideIt) {
  watch("r1");
  fail_service();
  world.run(4s);
  heal_service();
  world.run(32s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3")));
  world.run(7s);
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(last_decision("r2").brake, Brake::cooldown);
  EXPECT_EQ(world.telemetry.brakes[Brake::cooldown], 1);
  ASSERT_TRUE(world.order(model::Verb::rollback, "r2"));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 2U);
}

TEST_F(Engine, Fault59TheBreakerHoldsWhenSeveralServicesBreakAtOnce) {
  world.settings.brakes.breaker_services = 2;
  world.settings.brakes.breaker_within = 10min;
  auto other = shop_group();
  other.name = "cart";
  other.match = {*model::Matcher::parse("service=\"cart\"")};
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

TEST_F(Engine, Fault57ARollbackIsNeverRolledBackAutomatically) {
  auto spec = shop_release("r1");
  spec.kind = model::ReleaseKind::rollback;
  ASSERT_TRUE(world.announce(spec));
  world.run(7s);
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("r1").brake, Brake::is_rollback);
}

TEST_F(Engine, APausedWatchDoesNotActAndItsWindowStandsStill) {
  watch();
  ASSERT_TRUE(world.order(model::Verb::pause, "r1"));
  fail_service();
  world.run(200s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  EXPECT_TRUE(world.hook->calls.empty());
  heal_service();
  ASSERT_TRUE(world.order(model::Verb::resume, "r1"));
  world.run(60s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
}

TEST_F(Engine, IllegalOrdersAreRefusedWithAReason) {
  watch();
  const auto answer = world.order(model::Verb::approve, "r1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::conflict);
  EXPECT_NE(answer.error().message.find("watching"), std::string::npos) << answer.error().message;
  EXPECT_EQ(world.order(model::Verb::pause, "nobody").error().code, ErrorCode::not_found);
}

TEST_F(Engine, CountsDecisionsAndThoseThatAPersonSetAside) {
  world.groups[0].rollback.mode = model::Mode::ask;
  world.restart();
  watch();
  fail_service();
  world.run(10s);
  EXPECT_EQ(world.telemetry.decisions.at({DecisionKind::ask, false}), 1);
  ASSERT_TRUE(world.order(model::Verb::abort, "r1"));
  EXPECT_EQ(world.telemetry.decisions.at({DecisionKind::abort, true}), 1);
  EXPECT_EQ(world.telemetry.set_aside[DecisionKind::ask], 1);
}

TEST_F(Engine, AShareOfABaselineSaysNothingAboutTheUnitOfTheValue) {
  auto& objective = world.groups[0].rules[0].objective;
  objective.unit = model::Unit::ratio;
  watch("r1");
  EXPECT_EQ(world.view("r1").rules[0].unit, model::Unit::ratio);
  objective.of_baseline = true;
  world.restart();
  watch("r2");
  EXPECT_EQ(world.view("r2").rules[0].unit, model::Unit::number);
}

TEST_F(Engine, AbortEndsTheWatchWithoutARollback) {
  watch();
  ASSERT_TRUE(world.order(model::Verb::abort, "r1"));
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
  // Nobody tells afterwards what was missed.
  world.metrics->past[error_rate] =
      std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  world.guard.reset();
  world.clock.step(20s);
  world.restart();
  world.run(2s);
  EXPECT_TRUE(world.hook->calls.empty()) << "twenty unobserved seconds must not complete ten observed ones";
  world.run(8s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Engine, Fault62ARebootNeitherEndsNorRestartsTheWindow) {
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
  model::Rule e2e;
  e2e.slo = "e2e";
  e2e.kind = model::RuleKind::signal;
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
  EXPECT_EQ(view.rules[0].query, error_rate);
  EXPECT_NE(view.rules[0].explanation.find("20%"), std::string::npos) << view.rules[0].explanation;
  ASSERT_FALSE(view.next.empty());
  EXPECT_TRUE(view.window_end.has_value());
}

TEST_F(Engine, CountsEachReleaseOnceAsJudgedAndAsFailed) {
  watch();
  world.run(60s);
  EXPECT_EQ(world.telemetry.judged, 1);
  EXPECT_EQ(world.telemetry.failed, 0);
  world.restart();
  ASSERT_TRUE(world.order(model::Verb::rollback, "r1"));
  world.run(35s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  EXPECT_EQ(world.telemetry.judged, 1);
  EXPECT_EQ(world.telemetry.failed, 1);
  EXPECT_FALSE(world.telemetry.detection) << "no rule had seen anything";
}

TEST_F(Engine, Fault2ARoundThatComesALittleEarlyIsTheRoundOfItsInstant) {
  watch();
  world.clock.set_wall(-1ms);  // both clocks are cut to milliseconds, each at its own moment
  world.clock.step(1s);
  const auto now = world.clock.now().mono;
  EXPECT_GE(world.guard->tick() - now, 900ms);
}

TEST_F(Engine, SaysInTheTimelineWhyNothingCanBeJudged) {
  world.metrics->past[error_rate] = one(0.2);
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(8s);
  const auto said = [&](const std::string& text) {
    return std::any_of(world.disk.events.begin(), world.disk.events.end(), [&](const auto& event) {
      return model::kind_of(event.what) == model::EventKind::verdict && event.message.find(text) != std::string::npos;
    });
  };
  EXPECT_FALSE(said("the release is settling")) << "its phase says so";
  EXPECT_TRUE(said("in breach before the deployment began"));
}

}  // namespace
}  // namespace guard::test
