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
  EXPECT_EQ(next(11min), "verified");
}

TEST_F(Reviewer, ACountedRuleHoldsAgainOnceTooFewOfItsLastReadingsCanBeInBreach) {
  group().rules[0].breach = {0s, 3, 5};
  enter_verifying();
  rule() = good(interval);
  EXPECT_EQ(next(11min), "-") << "two readings that hold, and three before them that did not, are a breach";
  rule() = good(2 * interval);
  EXPECT_EQ(next(11min), "verified");
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
  rule().last = reading(Outcome::no_data, moment());
  rule().reason = Reason::held;
  EXPECT_EQ(next(40min), "verify_no_evidence");
}

TEST_F(Reviewer, WarningsAndSignalsSayNothingAfterARollback) {
  auto warning = error_rate();
  warning.action = Action::warn;
  add_rule(warning);
  add_rule(signal_rule());
  enter_verifying();
  rule(0) = good();
  rule(1) = breached();
  rule(2) = breached();
  EXPECT_EQ(next(11min), "verified");
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
  EXPECT_THAT(look(11min)->reason, HasSubstr("measures nothing"));
}

TEST_F(Reviewer, OneReadingAloneVerifiesNothing) {
  group().rules[0].breach = {};
  enter_verifying();
  rule() = good(0s);
  EXPECT_EQ(next(11min), "-");
  rule().ok_for = interval;
  EXPECT_EQ(next(11min), "verified");
}

}  // namespace
}  // namespace guard::core
