// SPDX-License-Identifier: Apache-2.0
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

Judging sustained(Duration length) {
  auto rule = error_rate();
  rule.breach.sustained = length;
  return Judging(rule);
}

Judging counted(int count, int of) {
  auto rule = error_rate();
  rule.breach.count = count;
  rule.breach.of = of;
  return Judging(rule);
}

Evaluation fatal() {
  auto evaluation = reading(Outcome::breach, moment());
  evaluation.reason = Reason::fatal_broken;
  return evaluation;
}

void expect(const Judging& judging, Verdict verdict, Reason reason) {
  EXPECT_EQ(to_string(judging.state.verdict), to_string(verdict));
  EXPECT_EQ(to_string(judging.state.reason), to_string(reason));
}

TEST(Judge, KnowsNothingBeforeTheFirstReading) {
  expect(sustained(1min), Verdict::unknown, Reason::not_read_yet);
}

TEST(Judge, AnOkReadingIsOk) {
  auto judging = sustained(1min);
  judging.read(Outcome::ok);
  expect(judging, Verdict::ok, Reason::objective_met);
  judging.read(Outcome::ok);
  EXPECT_EQ(judging.state.ok_for, 15s);
  EXPECT_EQ(judging.state.observed, 15s);
}

TEST(Judge, ABreachIsPendingUntilItHasStoodForItsTime) {
  auto judging = sustained(1min);
  judging.read_times(4, Outcome::breach);
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_EQ(judging.state.breach_for, 45s);
  EXPECT_FALSE(breach_stands(judging.state));
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_TRUE(breach_stands(judging.state));
}

TEST(Judge, WithoutATimeTheFirstBreachDecides) {
  auto judging = sustained(0s);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, AnOkReadingBreaksTheStreak) {
  auto judging = sustained(1min);
  judging.read_times(4, Outcome::breach);
  judging.read(Outcome::ok);
  expect(judging, Verdict::ok, Reason::objective_met);
  judging.read_times(4, Outcome::breach);
  expect(judging, Verdict::pending, Reason::breach_pending);
}

TEST(Judge, CountedBreachesNeedNotFollowEachOther) {
  auto judging = counted(3, 5);
  for (const auto outcome : {Outcome::breach, Outcome::ok, Outcome::breach, Outcome::ok}) judging.read(outcome);
  expect(judging, Verdict::ok, Reason::objective_met);
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_counted);
}

TEST(Judge, BreachesOlderThanTheLastFewReadingsAreForgotten) {
  auto judging = counted(3, 5);
  for (const auto outcome : {Outcome::breach, Outcome::breach, Outcome::ok, Outcome::ok, Outcome::ok, Outcome::breach})
    judging.read(outcome);
  expect(judging, Verdict::pending, Reason::breach_pending);
}

Evaluation of_sample(Outcome outcome, Duration sampled) {
  auto evaluation = reading(outcome, moment());
  evaluation.sampled_at = moment(sampled).wall;
  return evaluation;
}

TEST(Judge, OneSampleReadSeveralTimesIsOneOfTheCountedReadings) {
  auto judging = counted(2, 3);
  for (int i = 0; i < 4; ++i) judging.read(of_sample(Outcome::breach, 0s));
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_EQ(judging.state.recent.size(), 1U);
  judging.read(of_sample(Outcome::ok, 1min));
  judging.read(of_sample(Outcome::breach, 2min));
  expect(judging, Verdict::breached, Reason::breach_counted);
}

TEST(Judge, TheTimeOnOneSampleCountsOnceANewerOneIsInBreachToo) {
  auto judging = sustained(30s);
  for (int i = 0; i < 4; ++i) judging.read(of_sample(Outcome::breach, 0s));
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_EQ(judging.state.breach_for, 0s);
  judging.read(of_sample(Outcome::breach, 1min));
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_EQ(judging.state.breach_for, 1min);
}

TEST(Judge, Fault22ASpikeOfOneSampleIsForgottenAtTheNextGoodOne) {
  auto judging = sustained(30s);
  for (int i = 0; i < 4; ++i) judging.read(of_sample(Outcome::breach, 0s));
  judging.read(of_sample(Outcome::ok, 1min));
  judging.read(of_sample(Outcome::breach, 2min));
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_EQ(judging.state.breach_for, 0s);
}

TEST(Judge, SamplesOfAClockThatWasSetBackAreNew) {
  auto judging = counted(2, 3);
  judging.rule.max_age = 2min;
  judging.read(of_sample(Outcome::breach, 2h));
  judging.read(of_sample(Outcome::breach, 2h - 2min));
  expect(judging, Verdict::pending, Reason::breach_pending);
  judging.read(of_sample(Outcome::breach, 1h));
  expect(judging, Verdict::breached, Reason::breach_counted);
}

TEST(Judge, AFatalReadingDecidesAtOnce) {
  auto judging = sustained(5min);
  judging.read(fatal());
  expect(judging, Verdict::breached, Reason::fatal_broken);
  EXPECT_TRUE(breach_stands(judging.state));
}

TEST(Judge, AStreakThatAFatalReadingBeganStandsUntilItIsBroken) {
  auto judging = sustained(5min);
  judging.read(fatal());
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::fatal_broken);
  EXPECT_TRUE(breach_stands(judging.state));
  judging.read(Outcome::ok);
  EXPECT_FALSE(breach_stands(judging.state));
  judging.read(Outcome::breach);
  EXPECT_FALSE(breach_stands(judging.state)) << "a new streak must be long enough by itself";
}

TEST(Judge, AWarningStaysBreachedWhileItsStreakGoesOn) {
  auto judging = sustained(5min);
  judging.rule.action = Action::warn;
  judging.read(fatal());
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::fatal_broken);
}

TEST(Judge, Fault22ALaterOkDoesNotEraseADecidedBreach) {
  auto judging = sustained(0s);
  judging.read(Outcome::breach);
  judging.read(Outcome::ok);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_FALSE(judging.state.in_breach);
  EXPECT_FALSE(breach_stands(judging.state)) << "no rollback is called for while the objective holds";
  judging.read(Outcome::breach);
  EXPECT_TRUE(breach_stands(judging.state));
}

TEST(Judge, AWarningRecovers) {
  auto judging = sustained(0s);
  judging.rule.action = Action::warn;
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_FALSE(judging.state.latched);
  judging.read(Outcome::ok);
  expect(judging, Verdict::ok, Reason::recovered);
  judging.read(Outcome::ok);
  expect(judging, Verdict::ok, Reason::objective_met);
}

TEST(Judge, VerdictSinceChangesOnlyWithTheVerdict) {
  auto judging = sustained(1min);
  judging.read(Outcome::breach);
  const auto since = judging.state.verdict_since;
  EXPECT_EQ(since, judging.now.wall);
  judging.read(Outcome::breach);
  EXPECT_EQ(judging.state.verdict_since, since);
  judging.read(Outcome::ok);
  EXPECT_EQ(judging.state.verdict_since, judging.now.wall);
}

TEST(Judge, UnobservedTimeNeverCounts) {
  auto judging = sustained(1min);
  judging.read(Outcome::breach);
  judging.read(Outcome::breach, 10min);
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_EQ(judging.state.breach_for, 0s);
  EXPECT_EQ(judging.state.observed, 0s);
  judging.read(Outcome::breach, 2 * interval);
  EXPECT_EQ(judging.state.breach_for, 30s) << "up to two intervals the time between is taken as seen";
}

TEST(Judge, AnAnswerThatIsNotNewerChangesNothing) {
  auto judging = sustained(1min);
  judging.read_times(3, Outcome::ok);
  const auto before = judging.state;
  judging.read(Outcome::breach, 0s);
  EXPECT_EQ(judging.state, before);
  judging.read(Outcome::breach, -15s);
  EXPECT_EQ(judging.state, before);
}

TEST(Judge, SettlingReadingsAreShownButNeverCount) {
  auto judging = sustained(0s);
  judging.context.settling = true;
  judging.read(fatal());
  expect(judging, Verdict::unknown, Reason::settling);
  ASSERT_TRUE(judging.state.last);
  EXPECT_EQ(judging.state.last->outcome, Outcome::breach);
  judging.context.settling = false;
  judging.read(Outcome::ok);
  EXPECT_EQ(judging.state.observed, 0s) << "the time before the first judged reading is settle time";
  EXPECT_EQ(judging.state.ok_for, 0s);
}

TEST(Judge, SettlingDoesNotEraseADecidedBreach) {
  auto judging = sustained(0s);
  judging.read(Outcome::breach);
  judging.context.settling = true;
  judging.read(Outcome::ok);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_FALSE(breach_stands(judging.state));
}

TEST(Judge, ASignalIsNoStartUpNoise) {
  Judging judging{signal_rule()};
  judging.context.settling = true;
  judging.read(Outcome::breach);
  expect(judging, Verdict::breached, Reason::signal_failed);
}

TEST(Judge, ASignalThatIsNotPostedYetIsNoBreachWhileSettling) {
  auto rule = signal_rule();
  rule.on_no_data = MissingPolicy::breach;
  Judging judging{rule};
  judging.context.settling = true;
  auto missing = reading(Outcome::no_data, moment());
  missing.reason = Reason::signal_missing;
  judging.read(missing);
  expect(judging, Verdict::unknown, Reason::settling);
  judging.context.settling = false;
  judging.read(missing);
  expect(judging, Verdict::breached, Reason::breach_sustained);
}

TEST(Judge, WhilePausedNothingIsJudgedAndStreaksStartAnew) {
  auto judging = sustained(1min);
  judging.read_times(4, Outcome::breach);
  judging.context.paused = true;
  judging.read(Outcome::breach);
  expect(judging, Verdict::unknown, Reason::paused);
  judging.context.paused = false;
  judging.read(Outcome::breach);
  expect(judging, Verdict::pending, Reason::breach_pending);
  EXPECT_EQ(judging.state.breach_for, 0s);
}

TEST(Judge, APauseKeepsADecidedBreach) {
  auto judging = sustained(0s);
  judging.read(Outcome::breach);
  judging.context.paused = true;
  judging.read(Outcome::ok);
  expect(judging, Verdict::breached, Reason::breach_sustained);
  EXPECT_FALSE(breach_stands(judging.state));
}

TEST(Judge, VerificationStartsAfreshButKeepsTheBaselineAndTheOldBreach) {
  auto judging = sustained(0s);
  judging.state.baseline = 3.5;
  judging.read(Outcome::breach);
  judging.state.past.breached = true;
  const auto fresh = fresh_for_verification(error_rate(), judging.state, moment().wall);
  RuleState wanted;
  wanted.baseline = 3.5;
  wanted.past = {true, true, std::nullopt, 0};
  EXPECT_EQ(fresh, wanted);
}

TEST(Judge, AfterARollbackASignalSpeaksOfTheReleaseThatIsGone) {
  const auto fresh = fresh_for_verification(signal_rule(), RuleState{}, moment().wall);
  EXPECT_EQ(fresh.verdict, Verdict::unknown);
  EXPECT_EQ(fresh.reason, Reason::signal_of_release);
  EXPECT_EQ(fresh.verdict_since, moment().wall);
}

}  // namespace
}  // namespace guard::core
