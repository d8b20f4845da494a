// SPDX-License-Identifier: Apache-2.0
//
// How a watch ends with its window.
#include "tests/core/reviewing.hpp"
#include "tests/support/counters.hpp"

namespace guard::core {
namespace {

TEST_F(Reviewer, TheWindowPassesOnEnoughEvidenceOnly) {
  rule() = good();
  EXPECT_EQ(next(2h - 1ms), "-");
  EXPECT_EQ(next(2h), "window_passed");
  rule().observed = 57min;  // of the 115 minutes after settling
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate could be judged for only 49% of the window"));
  rule().verdict = Verdict::unknown;
  rule().reason = Reason::held;
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate could be judged for 49% of the window; at its end: "));
}

TEST_F(Reviewer, WhatARuleIgnoresIsNeitherEvidenceNorAskedFor) {
  rule().verdict = Verdict::unknown;
  rule().reason = Reason::ignored;
  rule().ignored = 115min;
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("no objective was ever judged"));
  rule().observed = 10min;
  EXPECT_EQ(next(2h), "window_passed");
  rule() = good();
  rule().observed = 10min;
  rule().ignored = 100min;
  EXPECT_EQ(next(2h), "window_passed") << "10 of the 15 minutes that were asked for";
  rule().ignored = 50min;
  EXPECT_EQ(next(2h), "window_unverified");
}

TEST_F(Reviewer, APassSaysOnHowManyEventsItRests) {
  group().rules[0] = share_rule();
  rule() = good();
  rule().share = ShareState{};
  rule().share->events = {0, 40};
  EXPECT_EQ(look(2h)->reason,
            "every objective held over 2h; error_rate: 0 of 40; a share of up to 7.22% may hide behind that");
}

TEST_F(Reviewer, WhereProofIsRequiredFewEventsAreNoPass) {
  group().rules[0] = share_rule();
  group().rules[0].share->proof = Proof::required;
  rule() = good();
  rule().share = ShareState{};
  rule().share->events = {0, 40};
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate is not proven: 0 of 40"));
  rule().share->events = {0, 299};
  EXPECT_EQ(next(2h), "window_passed");
}

TEST_F(Reviewer, WhatBrokeAgainAndAgainForAMomentHasNotPassed) {
  group().rules[0] = share_rule();
  rule() = good();
  rule().share = ShareState{};
  rule().share->events = {250, 10000};
  rule().last->detail = "250 of 10000 so far, 2.5% against < 1%";
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate held at the end, but not over the whole of it: 250 of 10000"));
  rule().share->events = {101, 10000};
  EXPECT_EQ(next(2h), "window_passed") << "which chance explains";
}

TEST_F(Reviewer, AWindowOfTooFewEventsSaysHowManyWereNeeded) {
  group().rules[0] = share_rule();
  rule().share = ShareState{};
  rule().share->events = {0, 1};
  rule().verdict = Verdict::unknown;
  rule().reason = Reason::held;
  rule().last = reading(Outcome::no_data, moment(2h));
  rule().last->reason = Reason::too_few_events;
  rule().last->detail = "1 so far, and it can be judged from 2 on";
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate had too few events: 1 so far, and it can be judged from 2 on"));
}

TEST_F(Reviewer, APassSaysWhatOnlyWarned) {
  add_rule(error_rate());
  group().rules[1].slo = "cpu";
  group().rules[1].action = Action::warn;
  watch.rules = {good(), breached()};
  EXPECT_EQ(next(2h), "window_passed");
  EXPECT_EQ(look(2h)->reason,
            "every objective that can roll back held over 2h; broken, with a warning only: cpu: 5% against < 1%");
}

TEST_F(Reviewer, AReleaseCountsOnceAsJudgedAndOnceAsFailed) {
  watch = apply(watch, {Event::window_passed, {}, ""}, moment(2h));
  EXPECT_TRUE(watch.judged);
  EXPECT_FALSE(watch.failed);
  watch = apply(watch, *order_rollback(watch, brakes, {"anna", ""}), moment(3h));
  watch.decisions.back().state = CallState::confirmed;
  watch = apply(watch, hook_finished(watch, CallState::confirmed, ""), moment(3h));
  EXPECT_FALSE(watch.failed) << "not before its end";
  watch = apply(watch, {Event::verified, {}, ""}, moment(4h));
  EXPECT_TRUE(watch.failed);
}

TEST_F(Reviewer, APendingBreachIsFollowedPastTheEndOfTheWindowButNotForEver) {
  group().rules[0].breach.sustained = 1min;
  rule() = good();
  rule().verdict = Verdict::pending;
  EXPECT_EQ(next(2h), "-");
  EXPECT_EQ(next(2h + 1min + 2 * interval - 1ms), "-") << "a reading may be late";
  EXPECT_EQ(next(2h + 1min + 2 * interval), "window_unverified");
}

TEST_F(Reviewer, FailuresAtTheEndOfTheWindowHaveTheMinuteInWhichTheyMayEnd) {
  group().rules[0] = share_rule();
  rule() = good();
  rule().verdict = Verdict::pending;
  EXPECT_EQ(next(2h + 62s + 2 * interval - 1ms), "-");
  EXPECT_EQ(next(2h + 62s + 2 * interval), "window_unverified");
}

TEST_F(Reviewer, ACertainBreachThatNothingRolledBackEndsBreachedAndCountsAsFailed) {
  for (const auto mode : {Mode::observe, Mode::enforce}) {  // enforce: held by a brake
    watch = shop_watch();
    group().rollback.mode = mode;
    watch.is_rollback = true;
    rule() = breached();
    watch = apply(watch, *look(1h), moment(1h));
    rule() = good();
    EXPECT_EQ(next(2h), "window_breached") << "also where it has held since";
    EXPECT_THAT(look(2h)->reason, HasSubstr("nothing was rolled back: error_rate: 5% against < 1%"));
    watch = apply(watch, *look(2h), moment(2h));
    EXPECT_EQ(watch.phase, Phase::breached);
    EXPECT_EQ(watch.decisions.back().kind, DecisionKind::breached);
    EXPECT_TRUE(watch.judged && watch.failed);
    EXPECT_TRUE(order_rollback(watch, brakes, {"anna", ""}).has_value()) << "a person may still order it";
  }
}

TEST_F(Reviewer, ARollbackNobodyApprovedEndsBreached) {
  group().rollback.mode = Mode::ask;
  rule() = breached();
  watch = apply(watch, *look(1h), moment(1h));
  ASSERT_EQ(watch.phase, Phase::awaiting_approval);
  EXPECT_EQ(next(2h - 1ms), "-");
  EXPECT_EQ(next(2h), "window_breached");
  EXPECT_THAT(look(2h)->reason, HasSubstr("nobody approved the rollback: error_rate: 5% against < 1%"));
}

TEST_F(Reviewer, ABreachOfWhichNobodyKnowsWhoseItWasEndsUnverified) {
  rule() = breached();
  brakes.deploying = "r2";
  watch = apply(watch, *look(1h), moment(1h));
  ASSERT_EQ(watch.decisions.back().brake, Brake::deploying);
  rule() = good();
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("nobody knows whose breach it was"));
  watch.decisions.back().brake = Brake::cooldown;
  EXPECT_EQ(next(2h), "window_breached");
  watch.disturbance = "the hook ended after r2 was live";
  EXPECT_EQ(next(2h), "window_unverified");
}

TEST_F(Reviewer, TheLastReadingAloneDoesNotEndTheWindow) {
  rule() = good(70min);
  rule().verdict = Verdict::unknown;
  rule().reason = Reason::held;
  rule().last->detail = "only_if is 0: too little to judge";
  EXPECT_EQ(next(2h), "-");
  EXPECT_EQ(next(2h + 5 * interval - 1ms), "-");
  EXPECT_EQ(next(2h + 5 * interval), "window_unverified");
  EXPECT_THAT(look(2h + 5 * interval)->reason,
              HasSubstr("error_rate could be judged for 60% of the window; at its end: only_if is 0: too little"));
  rule().verdict = Verdict::ok;
  EXPECT_EQ(next(2h + interval), "window_passed");
}

TEST_F(Reviewer, APassSaysHowMuchOfTheWindowNobodySaw) {
  rule() = good(100min);
  EXPECT_EQ(look(2h)->reason, "every objective held over what was seen of 2h, which is of error_rate for 86%");
  rule() = good(115min - interval);
  EXPECT_EQ(look(2h)->reason, "every objective held over 2h");
}

TEST_F(Reviewer, APassSaysWhatAPolicyPassedOver) {
  rule() = good(60min);
  rule().ignored = 50min;
  EXPECT_THAT(look(2h)->reason, HasSubstr("; left out, as their policies say: error_rate for 44%"));
  rule().verdict = Verdict::unknown;
  rule().reason = Reason::ignored;
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate for 44%")) << "also where it is passed over at the end";
  rule() = good(115min - interval);
  rule().ignored = interval;
  EXPECT_EQ(look(2h)->reason, "every objective held over 2h");
}

TEST_F(Reviewer, ACountedBreachAtTheEndOfTheWindowHasAllItsReadings) {
  group().rules[0].breach = {0s, 3, 5};
  rule() = good();
  rule().verdict = Verdict::pending;
  EXPECT_EQ(next(2h + 5 * interval - 1ms), "-");
  EXPECT_EQ(next(2h + 5 * interval), "window_unverified");
}

}  // namespace
}  // namespace guard::core
