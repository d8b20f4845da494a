// SPDX-License-Identifier: Apache-2.0
//
// What the rules say after a rollback.
#include "tests/core/reviewing.hpp"

namespace guard::core {
namespace {

TEST_F(Reviewer, VerificationBeginsAfreshAndNeedsTheObjectiveToHoldForTheRulesTime) {
  group().rules[0].breach.sustained = 1min;
  rule() = breached();
  enter_verifying();
  EXPECT_FALSE(rule().latched);
  EXPECT_EQ(next(10min), "-");
  rule() = good(45s);
  EXPECT_EQ(next(11min), "-");
  rule() = good(1min);
  EXPECT_EQ(next(11min), "holds_again");
}

TEST_F(Reviewer, ACountedRuleHoldsAgainOnceTooFewOfItsLastReadingsCanBeInBreach) {
  group().rules[0].breach = {0s, 3, 5};
  enter_verifying();
  rule() = good(interval);
  EXPECT_EQ(next(11min), "-") << "two readings that hold, and three before them that did not, are a breach";
  rule() = good(2 * interval);
  EXPECT_EQ(next(11min), "holds_again");
}

TEST_F(Reviewer, AnObjectiveThatIsBrokenWhenTheTimeIsOverMakesTheRollbackFailed) {
  rule() = breached();
  enter_verifying();
  rule() = breached();
  EXPECT_EQ(next(40min - 1ms), "-");
  EXPECT_EQ(next(40min), "verify_unmet");
  EXPECT_THAT(look(40min)->reason, HasSubstr("objectives do not hold 30m later: error_rate: 5% against < 1%"));
}

TEST_F(Reviewer, AnObjectiveThatHoldsAtLastGetsTheLittleMoreTimeItNeeds) {
  group().rules[0].breach.sustained = 1min;
  enter_verifying();
  rule() = good(30s);
  EXPECT_EQ(next(40min), "-");
  EXPECT_EQ(next(40min + 1min + 2 * interval), "verify_no_evidence");
}

TEST_F(Reviewer, MissingDataAfterARollbackIsNoProofEitherWay) {
  enter_verifying();
  rule() = reading_gone();
  EXPECT_EQ(next(40min), "verify_no_evidence");
}

TEST_F(Reviewer, AfterARollbackObjectivesAreWatchedForTheWholeOfItsTime) {
  enter_verifying();
  rule() = good(1min);
  EXPECT_EQ(next(12min), "holds_again");
  EXPECT_THAT(look(12min)->reason, HasSubstr("every objective holds again; watched for 30m from the hook on"));
  watch = apply(watch, *look(12min), moment(12min));
  EXPECT_EQ(watch.phase, Phase::verifying);
  EXPECT_EQ(watch.held_again_at, moment(12min).wall);
  EXPECT_EQ(watch.phase_began, 10min) << "its time goes on";
  EXPECT_EQ(next(40min - 1ms), "-") << "told once";
  EXPECT_EQ(next(40min), "verified");
  watch = apply(watch, *look(40min), moment(40min));
  EXPECT_EQ(watch.phase, Phase::rolled_back);
}

TEST_F(Reviewer, WhatBreaksAgainAfterARollbackIsToldAndEndsAsFailedUnlessItHoldsOnceMore) {
  enter_verifying();
  rule() = good(1min);
  watch = apply(watch, *look(12min), moment(12min));
  rule() = breached();
  rule().verdict = Verdict::pending;
  EXPECT_EQ(next(20min), "-") << "by the rule's own measure, not at a first bad reading";
  rule() = breached();
  EXPECT_EQ(next(20min), "breaks_again");
  EXPECT_THAT(look(20min)->reason, HasSubstr("it held, and broke again: error_rate: 5% against < 1%"));
  const auto broken = apply(watch, *look(20min), moment(20min));
  EXPECT_EQ(broken.broken_again_at, moment(20min).wall);
  watch = broken;
  EXPECT_EQ(next(21min), "-") << "told once";
  EXPECT_EQ(next(40min), "verify_unmet");
  rule() = reading_gone();
  EXPECT_EQ(next(40min), "verify_unmet") << "nobody has seen it hold since";
  rule() = good(1min);
  EXPECT_EQ(next(30min), "holds_again");
  watch = apply(watch, *look(30min), moment(30min));
  EXPECT_FALSE(watch.broken_again_at);
  EXPECT_EQ(watch.held_again_at, moment(12min).wall);
  EXPECT_EQ(next(40min), "verified");
}

TEST_F(Reviewer, TheLastReadingAloneDoesNotEndAVerification) {
  group().rules[0].breach.sustained = 1min;
  enter_verifying();
  rule() = good(1min);
  watch = apply(watch, *look(12min), moment(12min));
  rule() = breached();
  rule().verdict = Verdict::pending;
  EXPECT_EQ(next(40min), "-") << "a breach that is not long enough yet is followed";
  EXPECT_EQ(next(40min + 1min + 2 * interval), "verify_unmet");
  rule() = reading_gone();
  rule().observed = 16min;
  EXPECT_EQ(next(40min), "verified") << "it held, and was seen for most of the time";
  EXPECT_THAT(look(40min)->reason, HasSubstr("at the end this was not known: error_rate: "));
  rule().observed = 14min;
  EXPECT_EQ(next(40min), "verify_no_evidence");
}

TEST_F(Reviewer, ARollbackThatHelpedUntilSomethingNewerWasLiveIsOne) {
  enter_verifying();
  watch.superseded_by = "r2";
  EXPECT_EQ(next(12min), "supersede");
  watch.held_again_at = moment(11min).wall;
  EXPECT_EQ(next(12min), "verified");
  EXPECT_THAT(look(12min)->reason, HasSubstr("release r2 took its place"));
  watch.broken_again_at = moment(11min).wall;
  EXPECT_EQ(next(12min), "supersede");
}

TEST_F(Reviewer, WarningsAndSignalsSayNothingAfterARollback) {
  auto warning = error_rate();
  warning.action = Action::warn;
  add_rule(warning);
  add_rule(signal_rule());
  enter_verifying();
  EXPECT_EQ(rule(2).reason, Reason::signal_of_release);
  rule(0) = good();
  rule(1) = breached();
  EXPECT_EQ(next(11min), "holds_again");
  EXPECT_THAT(look(11min)->reason,
              HasSubstr("every objective that counts after a rollback (error_rate; not error_rate, e2e) holds again"));
}

TEST_F(Reviewer, WhereNoRuleCanShowItARollbackIsNotCalledVerified) {
  rule().past = {true, true, 0.05, 0};
  enter_verifying();
  EXPECT_TRUE(rule().past.breached);
  EXPECT_EQ(next(11min), "-");
  EXPECT_EQ(next(40min), "verify_no_evidence");
  EXPECT_THAT(look(40min)->reason, HasSubstr("no rule shows it"));
}

TEST_F(Reviewer, AGroupOfSignalsAloneTakesTheHookAtItsWord) {
  group().rules.clear();
  watch.rules.clear();
  add_rule(signal_rule());
  enter_verifying();
  EXPECT_EQ(next(11min), "verified");
  EXPECT_THAT(look(11min)->reason, HasSubstr("nothing was verified: no rule of group"));
}

TEST_F(Reviewer, OneReadingAloneVerifiesNothing) {
  group().rules[0].breach = {};
  enter_verifying();
  rule() = good(0s);
  EXPECT_EQ(next(11min), "-");
  rule().ok_for = interval;
  EXPECT_EQ(next(11min), "holds_again");
}

}  // namespace
}  // namespace guard::core
