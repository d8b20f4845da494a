// SPDX-License-Identifier: Apache-2.0
//
// The next step of a watch, read from the whole of it: breaches, brakes, orders.
#include "guard/core/attempt.hpp"
#include "tests/core/reviewing.hpp"

namespace guard::core {
namespace {

TEST_F(Reviewer, AStandingBreachIsARollbackWithItsEvidence) {
  rule() = breached();
  const auto step = look(10min);
  ASSERT_TRUE(step && step->decision);
  EXPECT_EQ(step->event, Event::breach);
  EXPECT_EQ(step->decision->kind, DecisionKind::rollback);
  EXPECT_EQ(step->decision->slo, "error_rate");
  EXPECT_EQ(step->decision->reason, "error_rate: 5% against < 1%");
  EXPECT_EQ(step->decision->detected_at, moment(9min).wall);
  const auto after = apply(watch, *step, moment(10min));
  EXPECT_EQ(after.phase, Phase::rolling_back);
  EXPECT_EQ(after.decisions.back().key, "shop/production/r1/1");
  EXPECT_EQ(after.decisions.back().state, CallState::decided);
  EXPECT_TRUE(after.breach_decided);
}

TEST_F(Reviewer, ABreachThatNoLongerStandsIsNotActedOnAndNeverPasses) {
  rule() = breached();
  rule().standing = rule().in_breach = false;
  EXPECT_EQ(next(10min), "-");
  EXPECT_EQ(next(2h), "window_unverified");
}

TEST_F(Reviewer, WarningsNeverDecideAnything) {
  group().rules[0].action = Action::warn;
  rule() = breached();
  rule().observed = 2h;
  EXPECT_EQ(next(10min), "-");
  EXPECT_EQ(next(2h), "window_passed");
}

TEST_F(Reviewer, ARuleThatAsksAPersonDoesNotAct) {
  group().rules[0].action = Action::ask;
  rule() = breached();
  EXPECT_EQ(next(10min), "ask");
}

TEST_F(Reviewer, ARuleThatActsComesBeforeOneThatAsks) {
  group().rules[0].action = Action::ask;
  add_rule(error_rate());
  rule(0) = rule(1) = breached();
  EXPECT_EQ(next(10min), "breach");
}

TEST_F(Reviewer, WhileAPersonIsAskedAnotherRuleMayAct) {
  group().rules[0].action = Action::ask;
  add_rule(error_rate());
  rule(0) = breached();
  rule(1) = good();
  watch = apply(watch, *look(10min), moment(10min));
  ASSERT_EQ(watch.phase, Phase::awaiting_approval);
  EXPECT_EQ(next(11min), "-");
  EXPECT_FALSE(needs_brakes(watch, moment(10min)));
  rule(1) = breached();
  EXPECT_TRUE(needs_brakes(watch, moment(10min)));
  brakes.kill_switch = true;
  EXPECT_EQ(next(12min), "-");
  brakes = {};
  EXPECT_EQ(next(12min), "breach");
}

TEST_F(Reviewer, WhileAGroupAsksNoRuleActs) {
  group().rollback.mode = Mode::ask;
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  EXPECT_EQ(next(11min), "-");
}

TEST_F(Reviewer, APausedWatchDoesNotAct) {
  rule() = breached();
  watch.paused = true;
  EXPECT_EQ(next(10min), "-");
}

TEST_F(Reviewer, AHeldBreachIsSaidOnceAndActedOnWhenTheBrakeIsReleased) {
  rule() = breached();
  brakes.kill_switch = true;
  const auto held = look(10min);
  ASSERT_TRUE(held && held->decision);
  EXPECT_EQ(held->decision->brake, Brake::kill_switch);
  EXPECT_FALSE(held->event);
  watch = apply(watch, *held, moment(10min));
  EXPECT_EQ(watch.phase, Phase::watching);
  EXPECT_EQ(next(11min), "-");
  brakes = {false, {}, {"cart", "shop"}};
  EXPECT_EQ(next(11min), "") << "another brake is another thing to say";
  brakes = {};
  EXPECT_EQ(next(12min), "breach");
}

TEST_F(Reviewer, TheFirstRuleThatStandsIsTheReason) {
  auto second = error_rate();
  second.slo = "latency";
  add_rule(second);
  rule(0) = good();
  rule(1) = breached();
  EXPECT_EQ(look(10min)->decision->slo, "latency");
}

TEST_F(Reviewer, OnlySignalsCountWhileSettling) {
  watch.phase = Phase::settling;
  rule() = breached();
  EXPECT_EQ(next(1min), "-");
  add_rule(signal_rule());
  rule(1) = breached();
  EXPECT_EQ(next(1min), "breach");
  EXPECT_EQ(look(1min)->decision->trigger, Trigger::signal);
}

TEST_F(Reviewer, SettlingEndsWithItsTime) {
  watch.phase = Phase::settling;
  EXPECT_EQ(next(5min - 1ms), "-");
  EXPECT_EQ(next(5min), "settled");
}

TEST_F(Reviewer, AnotherRulesBreachIsSaidWhileTheFirstIsHeldAndEachOnlyOnce) {
  add_rule(error_rate());
  group().rules[1].slo = "latency";
  brakes.kill_switch = true;
  watch.rules = {breached(), good()};
  watch = apply(watch, *look(10min), moment(10min));
  watch.rules = {good(), breached()};
  const auto second = look(11min);
  ASSERT_TRUE(second && second->decision);
  EXPECT_EQ(second->decision->slo, "latency");
  watch = apply(watch, *second, moment(11min));
  watch.rules = {breached(), breached()};
  EXPECT_EQ(next(12min), "-");
}

TEST_F(Reviewer, ASupersededReleaseEndsAtOnceUnlessItsHookIsBeingCalled) {
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  watch.superseded_by = "r2";
  watch.decisions.back().state = CallState::calling;
  EXPECT_EQ(next(10min), "-");
  watch.decisions.back().state = CallState::decided;
  ASSERT_EQ(next(10min), "supersede");
  const auto after = apply(watch, *look(10min), moment(10min));
  EXPECT_EQ(after.phase, Phase::superseded);
  EXPECT_EQ(after.open_rollback(), nullptr) << "an attempt that waits for its turn must not be made any more";
  EXPECT_EQ(after.last_rollback()->state, CallState::failed);
}

TEST_F(Reviewer, WhatAnAttemptLeftUnclearStaysUnclearWhenItIsCalledOff) {
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  watch.decisions.back().attempts.push_back({1, AttemptResult::unknown, "", "", moment().wall, {}});
  call_off(watch, moment(11min));
  EXPECT_EQ(watch.last_rollback()->state, CallState::unknown);
  EXPECT_EQ(watch.last_rollback()->finished_at, moment(11min).wall);
}

TEST_F(Reviewer, BrakesMatterOnlyWhereABreachStands) {
  rule() = good();
  EXPECT_FALSE(needs_brakes(watch, moment(10min)));
  rule() = breached();
  EXPECT_TRUE(needs_brakes(watch, moment(10min)));
  watch.phase = Phase::verifying;
  EXPECT_FALSE(needs_brakes(watch, moment(10min)));
}

}  // namespace
}  // namespace guard::core
