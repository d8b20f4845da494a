// SPDX-License-Identifier: Apache-2.0
//
// The next step of a watch, read from the whole of it: breaches, the end of the window, verification, orders.
#include "guard/core/reviewer.hpp"

#include "tests/core/builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::core {
namespace {

using testing::HasSubstr;

class Reviewer : public testing::Test {
 protected:
  // The group of the watch, for change.
  RuleGroup& group() {
    auto copy = std::make_shared<RuleGroup>(*watch.group);
    watch.group = copy;
    watch.rules.resize(copy->rules.size());
    return *copy;
  }
  void add_rule(Rule rule) {
    group().rules.push_back(std::move(rule));
    watch.rules.resize(watch.group->rules.size());
  }
  RuleState& rule(std::size_t index = 0) { return watch.rules[index]; }
  static RuleState good(Duration observed = 2h) {
    RuleState state;
    state.last = reading(Outcome::ok, moment());
    state.verdict = Verdict::ok;
    state.reason = Reason::objective_met;
    state.ok_for = state.observed = observed;
    return state;
  }
  static RuleState breached() {
    RuleState state;
    state.last = reading(Outcome::breach, moment());
    state.last->detail = "5% against < 1%";
    state.verdict = Verdict::breached;
    state.reason = Reason::breach_sustained;
    state.in_breach = state.standing = state.latched = true;
    state.breach_for = 1min;
    return state;
  }
  std::optional<Step> look(Duration age) { return review(watch, brakes, moment(age)); }
  // The event of the next step, "" where the step has none, "-" where there is no step.
  std::string next(Duration age) {
    const auto step = look(age);
    if (!step) return "-";
    return step->event ? std::string(to_string(*step->event)) : "";
  }
  void enter_verifying() {
    watch.phase = Phase::rolling_back;
    watch = apply(watch, hook_finished(watch, CallState::confirmed, "exit 0"), moment(10min));
    ASSERT_EQ(watch.phase, Phase::verifying);
  }

  Watch watch = shop_watch();
  BrakeState brakes;
};

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
  brakes = {false, {}, "cart, shop", ""};
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

TEST_F(Reviewer, TheWindowPassesOnEnoughEvidenceOnly) {
  rule() = good();
  EXPECT_EQ(next(2h - 1ms), "-");
  EXPECT_EQ(next(2h), "window_passed");
  rule().observed = 57min;  // of the 115 minutes after settling
  EXPECT_EQ(next(2h), "window_unverified");
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate could be judged for only 49% of the window"));
  rule().verdict = Verdict::unknown;
  rule().reason = Reason::held;
  EXPECT_THAT(look(2h)->reason, HasSubstr("error_rate is unknown: nothing could be judged, and the rule says hold"));
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

TEST_F(Reviewer, APassSaysWhatOnlyWarned) {
  add_rule(error_rate());
  group().rules[1].slo = "cpu";
  group().rules[1].action = Action::warn;
  watch.rules = {good(), breached()};
  EXPECT_EQ(next(2h), "window_passed");
  EXPECT_EQ(look(2h)->reason,
            "every objective that can roll back held over 2h; broken, with a warning only: cpu: 5% against < 1%");
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

TEST_F(Reviewer, AReleaseCountsOnceAsJudgedAndOnceAsFailed) {
  watch = apply(watch, {Event::window_passed, {}, ""}, moment(2h));
  EXPECT_TRUE(watch.judged);
  EXPECT_FALSE(watch.failed);
  watch = apply(watch, *order_rollback(watch, brakes, "anna", ""), moment(3h));
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
  EXPECT_EQ(next(2h + 1min + 2 * interval), "window_unverified");
}

TEST_F(Reviewer, AReleaseWhoseBreachWasHeldNeverPasses) {
  rule() = good();
  watch.breach_decided = true;
  EXPECT_EQ(next(2h), "window_unverified");
}

TEST_F(Reviewer, ARollbackNobodyApprovedEndsUnverified) {
  watch.phase = Phase::awaiting_approval;
  EXPECT_EQ(next(2h - 1ms), "-");
  EXPECT_EQ(next(2h), "window_unverified");
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
  watch.call_off(moment(11min).wall);
  EXPECT_EQ(watch.last_rollback()->state, CallState::unknown);
  EXPECT_EQ(watch.last_rollback()->finished_at, moment(11min).wall);
}

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

TEST_F(Reviewer, AnOrderIsRefusedWhereThePhaseDoesNotAllowIt) {
  watch.phase = Phase::rolled_back;
  EXPECT_THAT(order_rollback(watch, brakes, "anna", "").error(), HasSubstr("the release is rolled back"));
  watch.phase = Phase::watching;
  brakes.in_flight = "r0";
  EXPECT_THAT(order_rollback(watch, brakes, "anna", "").error(), HasSubstr("release r0"));
}

TEST_F(Reviewer, AnApprovalKeepsTheEvidenceThatWasAskedAbout) {
  group().rollback.mode = Mode::ask;
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  ASSERT_EQ(watch.phase, Phase::awaiting_approval);
  const auto step = order_rollback(watch, brakes, "anna", "agreed");
  ASSERT_TRUE(step) << step.error();
  EXPECT_EQ(step->event, Event::approve);
  EXPECT_EQ(step->decision->slo, "error_rate");
  EXPECT_EQ(step->decision->trigger, Trigger::objective);
  EXPECT_EQ(step->decision->reason, "error_rate: 5% against < 1%; approved by anna: agreed");
}

TEST_F(Reviewer, AnUnknownOutcomeIsTriedAgainAsTheSameDecisionWithTheSameWords) {
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  watch.decisions.back().state = CallState::unknown;
  watch.decisions.back().finished_at = moment(11min).wall;
  watch = apply(watch, hook_finished(watch, CallState::unknown, "timed out"), moment(11min));
  ASSERT_EQ(watch.phase, Phase::rollback_failed);
  const auto before = watch.decisions.back();
  watch = apply(watch, *order_rollback(watch, brakes, "anna", ""), moment(12min));
  ASSERT_EQ(watch.decisions.size(), 1U);
  EXPECT_EQ(watch.decisions.back().state, CallState::decided);
  EXPECT_EQ(watch.decisions.back().key, before.key);
  EXPECT_EQ(watch.decisions.back().reason, before.reason) << "the hook is told the same under the same key";
  EXPECT_EQ(watch.decisions.back().at, before.at);
  EXPECT_EQ(watch.phase_reason, "ordered by anna");
}

TEST_F(Reviewer, BrakesMatterOnlyWhereABreachStands) {
  rule() = good();
  EXPECT_FALSE(needs_brakes(watch));
  rule() = breached();
  EXPECT_TRUE(needs_brakes(watch));
  watch.phase = Phase::verifying;
  EXPECT_FALSE(needs_brakes(watch));
}

}  // namespace
}  // namespace guard::core
