// SPDX-License-Identifier: Apache-2.0
//
// The judge where a reading says nothing, and where a breach is older than the release.
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

Judging with_policy(MissingPolicy policy, Duration sustained = 1min) {
  auto rule = error_rate();
  rule.breach.sustained = sustained;
  rule.on_no_data = rule.on_error = policy;
  return Judging(rule);
}

Judging with_old_breach(double value, Duration sustained = 1min) {
  auto judging = with_policy(MissingPolicy::hold, sustained);
  judging.state.past = {true, true, value, 0};
  return judging;
}

Evaluation breach_at(double value) {
  auto evaluation = reading(Outcome::breach, moment());
  evaluation.value = value;
  return evaluation;
}

void expect(const Judging& judging, Verdict verdict, Reason reason) {
  EXPECT_EQ(to_string(judging.state.verdict), to_string(verdict));
  EXPECT_EQ(to_string(judging.state.reason), to_string(reason));
}

TEST(Judge, MissingDataInBetweenDoesNotMakeAnOldBreachTheReleases) {
  auto judging = with_old_breach(0.05, 30s);
  judging.rule.on_no_data = MissingPolicy::breach;
  judging.read(breach_at(0.05));
  expect(judging, Verdict::unknown, Reason::preexisting);
  judging.read(Outcome::no_data);
  expect(judging, Verdict::pending, Reason::breach_pending);
  for (int i = 0; i < 5; ++i) judging.read(breach_at(0.05));
  expect(judging, Verdict::unknown, Reason::preexisting);
  for (int i = 0; i < 3; ++i) judging.read(Outcome::no_data);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, NoDataIsNeverOk) {
  for (const auto policy : {MissingPolicy::hold, MissingPolicy::ignore, MissingPolicy::breach})
    for (const auto outcome : {Outcome::no_data, Outcome::error}) {
      auto judging = with_policy(policy);
      judging.read(Outcome::ok);
      judging.read(outcome);
      EXPECT_NE(judging.state.verdict, Verdict::ok) << to_string(policy);
    }
}

TEST(Judge, EachKindOfMissingFollowsItsOwnPolicy) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.rule.on_error = MissingPolicy::breach;
  judging.read(Outcome::no_data);
  expect(judging, Verdict::unknown, Reason::held);
  judging.read(Outcome::error);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, AHeldReadingNeitherMakesNorEndsABreach) {
  auto judging = with_policy(MissingPolicy::hold);
  judging.read_times(4, Outcome::breach);
  judging.read(Outcome::no_data);
  expect(judging, Verdict::unknown, Reason::held);
  EXPECT_EQ(judging.state.breach_for, 45s);
  EXPECT_FALSE(judging.state.in_breach);
  judging.read(Outcome::breach);
  EXPECT_EQ(judging.state.breach_for, 45s) << "nobody saw a breach between the held reading and this one";
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, AHeldReadingIsNoReadingForCountedBreaches) {
  auto judging = with_policy(MissingPolicy::hold);
  judging.rule.breach = {0s, 2, 2};
  judging.read(Outcome::breach);
  judging.read_times(3, Outcome::error);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_counted);
}

TEST(Judge, HeldTimeIsNoEvidence) {
  auto judging = with_policy(MissingPolicy::hold);
  judging.read_times(2, Outcome::ok);
  judging.read_times(3, Outcome::no_data);
  EXPECT_EQ(judging.state.observed, 15s);
  EXPECT_EQ(judging.state.ok_for, 0s);
  EXPECT_EQ(judging.state.ignored, 0s) << "nor excused";
}

TEST(Judge, AnIgnoredReadingIsUnknownAndItsTimeIsNoEvidenceButExcused) {
  auto judging = with_policy(MissingPolicy::ignore);
  judging.read_times(2, Outcome::no_data);
  expect(judging, Verdict::unknown, Reason::ignored);
  EXPECT_EQ(judging.state.observed, 0s);
  EXPECT_EQ(judging.state.ignored, 15s);
}

TEST(Judge, MissingDataThatCountsAsABreachKeepsItsOwnReason) {
  auto judging = with_policy(MissingPolicy::breach, 15s);
  judging.read(Outcome::no_data);
  expect(judging, Verdict::pending, Reason::breach_pending);
  judging.read(Outcome::no_data);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_EQ(judging.state.last->reason, Reason::empty_result);
}

TEST(Judge, MissingDataKeepsADecidedBreachButDoesNotLetItStand) {
  for (const auto policy : {MissingPolicy::hold, MissingPolicy::ignore}) {
    auto judging = with_policy(policy, 0s);
    judging.read(Outcome::breach);
    judging.read(Outcome::error);
    expect(judging, Verdict::breached, Reason::breach_sustained);
    EXPECT_FALSE(breach_stands(judging.state));
  }
}

TEST(Judge, AnOldBreachWarnsButNeverCounts) {
  auto judging = with_old_breach(0.05, 0s);
  judging.read_times(5, Outcome::breach);
  expect(judging, Verdict::unknown, Reason::preexisting);
  EXPECT_FALSE(judging.state.latched);
  EXPECT_EQ(judging.state.observed, 60s) << "it was read";
}

TEST(Judge, AnOldFatalBreachIsOldAsWell) {
  auto judging = with_old_breach(0.6, 0s);
  auto evaluation = breach_at(0.6);
  evaluation.reason = Reason::fatal_broken;
  judging.read(evaluation);
  expect(judging, Verdict::unknown, Reason::preexisting);
}

TEST(Judge, AnOldBreachCountsWhereTheRuleSaysSo) {
  auto judging = with_old_breach(0.05, 0s);
  judging.rule.preexisting = Preexisting::rollback;
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, AnOldBreachThatBecomesClearlyWorseIsTheReleases) {
  auto judging = with_old_breach(0.04, 15s);
  judging.read(breach_at(0.06));
  expect(judging, Verdict::unknown, Reason::preexisting);
  judging.read(breach_at(0.061));
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_FALSE(judging.state.past.breached);
  judging.read(breach_at(0.05));
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, DataThatGoesMissingIsNotTheOldBreachOfAValue) {
  auto judging = with_old_breach(0.05, 0s);
  judging.rule.on_no_data = MissingPolicy::breach;
  judging.read(Outcome::breach);
  expect(judging, Verdict::unknown, Reason::preexisting);
  judging.read(Outcome::no_data);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, DataThatWasMissingBeforeAndStillIsIsOld) {
  auto judging = with_old_breach(0, 0s);
  judging.state.past.value.reset();
  judging.rule.on_no_data = MissingPolicy::breach;
  judging.read(Outcome::no_data);
  expect(judging, Verdict::unknown, Reason::preexisting);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, ACountedOldBreachEndsWhenTooFewOfTheLastReadingsCanBeInBreach) {
  auto judging = with_old_breach(0.05);
  judging.rule.breach = {0s, 3, 5};
  judging.read_times(2, Outcome::ok);
  EXPECT_TRUE(judging.state.past.breached);
  judging.read(Outcome::ok);
  EXPECT_FALSE(judging.state.past.breached);
}

TEST(Judge, AnOldBreachEndsWhenTheObjectiveHasHeldForTheRulesTime) {
  auto judging = with_old_breach(0.05);
  judging.read_times(4, Outcome::ok);
  EXPECT_TRUE(judging.state.past.breached);
  judging.read(Outcome::breach);
  expect(judging, Verdict::unknown, Reason::preexisting);
  judging.read_times(5, Outcome::ok);
  EXPECT_FALSE(judging.state.past.breached);
  judging.read(Outcome::breach);
  expect(judging, Verdict::pending, Reason::breach_pending);
}

TEST(Judge, WithoutATimeOneOkReadingEndsAnOldBreach) {
  auto judging = with_old_breach(0.05, 0s);
  judging.read(Outcome::ok);
  EXPECT_FALSE(judging.state.past.breached);
}

TEST(Judge, ABreachCannotBeToldFromAnOldOneWhileThePastIsUnknown) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.state.past.known = false;
  judging.read(Outcome::breach);
  expect(judging, Verdict::unknown, Reason::held);
  EXPECT_EQ(judging.state.last->outcome, Outcome::error);
  EXPECT_EQ(judging.state.last->reason, Reason::past_unknown);
  judging.state.past.known = true;
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, TheUnknownPastFollowsThePolicyForErrors) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.rule.on_error = MissingPolicy::breach;
  judging.state.past.known = false;
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  judging.state.past = {true, true, 0.05, 0};
  judging.read(Outcome::breach);
  EXPECT_EQ(judging.state.verdict, Verdict::breached) << "learning of an old breach does not erase the decision";
  EXPECT_FALSE(breach_stands(judging.state)) << "but no rollback is called for because of it";
}

TEST(Judge, ThePastMattersOnlyToExpressionsThatWarnOfIt) {
  Judging signal{signal_rule()};
  signal.state.past.known = false;
  signal.read(Outcome::breach);
  expect(signal, Verdict::breached, Reason::signal_failed);
  auto counts = with_policy(MissingPolicy::hold, 0s);
  counts.rule.preexisting = Preexisting::rollback;
  counts.state.past.known = false;
  counts.read(Outcome::breach);
  expect(counts, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, TheUnknownPastDoesNotHideAnOkReading) {
  auto judging = with_policy(MissingPolicy::hold);
  judging.state.past.known = false;
  judging.read(Outcome::ok);
  expect(judging, Verdict::ok, Reason::objective_met);
}

TEST(Judge, Fault20ARangeThatRanEmptyFillsBeforeABreachCounts) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.context.range = 1min;
  judging.read(Outcome::ok);
  for (int i = 0; i < 4; ++i) judging.read(Outcome::error);
  for (int i = 0; i < 4; ++i) {
    judging.read(Outcome::breach);
    expect(judging, Verdict::unknown, Reason::warming_up);
  }
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

// A rate over a range with a gap is too small while the gap leaves it, and never too large.
TEST(Judge, Fault20AfterAShortOutageTooLittleIsNoBreachUntilTheGapHasLeftTheRange) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.context.range = 1min;
  judging.rule.objective.comparison = model::Comparison::greater_equal;
  judging.read(Outcome::ok);
  for (int i = 0; i < 3; ++i) judging.read(Outcome::error);
  for (int i = 0; i < 6; ++i) judging.read(Outcome::ok);
  judging.read(Outcome::breach);
  expect(judging, Verdict::unknown, Reason::warming_up);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, Fault20AfterAShortOutageTooMuchIsABreachAtOnce) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.context.range = 1min;
  judging.read(Outcome::ok);
  for (int i = 0; i < 3; ++i) judging.read(Outcome::error);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, Fault20OneReadingThatFailsIsNoOutage) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.context.range = 1min;
  judging.rule.objective.comparison = model::Comparison::greater_equal;
  judging.read(Outcome::ok);
  for (int i = 0; i < 2; ++i) judging.read(Outcome::error);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, Fault20TooLittleTrafficIsNoOutage) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.context.range = 30s;
  auto quiet = reading(Outcome::no_data, moment());
  quiet.reason = Reason::low_traffic;
  for (int i = 0; i < 10; ++i) judging.read(quiet);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, TooLittleHasAPolicyOfItsOwn) {
  auto judging = with_policy(MissingPolicy::hold, 0s);
  judging.context.range = 30s;
  judging.rule.on_too_few = MissingPolicy::ignore;
  auto quiet = reading(Outcome::no_data, moment());
  quiet.reason = Reason::low_traffic;
  judging.read(quiet);
  expect(judging, Verdict::unknown, Reason::ignored);
  judging.read(Outcome::no_data);
  expect(judging, Verdict::unknown, Reason::held);
}

TEST(Judge, Fault21WhatLiesBeforeTheReleaseFollowsNoPolicyAndIsNotAskedFor) {
  auto judging = with_policy(MissingPolicy::breach, 0s);
  auto early = reading(Outcome::no_data, moment());
  early.reason = Reason::before_live;
  for (int i = 0; i < 5; ++i) judging.read(early);
  expect(judging, Verdict::unknown, Reason::before_live);
  EXPECT_EQ(judging.state.ignored, 4 * interval);
  EXPECT_EQ(judging.state.observed, Duration{0});
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

}  // namespace
}  // namespace guard::core
