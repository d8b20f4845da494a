// SPDX-License-Identifier: Apache-2.0
//
// A rule that has its own hook called before anything is rolled back.
#include "guard/core/remedy.hpp"

#include "guard/core/attempt.hpp"
#include "guard/core/window.hpp"
#include "tests/core/reviewing.hpp"

namespace guard::core {
namespace {

class Remedies : public Reviewer {
 protected:
  Remedies() { remedied_by(Action::rollback); }

  void remedied_by(Action then) {
    auto& changed = group().rules[0];
    changed.action = Action::call;
    changed.remedy = {"restart_workers", 5min, then};
  }
  // Broken, and answered by the call: nothing is latched.
  static RuleState broken() {
    auto state = breached();
    state.latched = false;
    return state;
  }
  void take(Duration age) {
    const auto step = look(age);
    ASSERT_TRUE(step);
    watch = apply(watch, *step, moment(age));
  }
  // The call was made and came to this.
  void call_ends(CallState outcome, Duration age) {
    auto& decision = *watch.open_call();
    decision.state = CallState::calling;
    decision.attempts.push_back({1, AttemptResult::done, "exit 0", "", moment(age).wall, 1s});
    watch.close_call(decision, outcome, moment(age));
  }
};

TEST_F(Remedies, ABreachCallsTheHookOfItsRuleAndLeavesTheReleaseWhereItIs) {
  rule() = broken();
  take(10min);
  const auto& decision = watch.decisions.back();
  EXPECT_EQ(decision.kind, DecisionKind::call);
  EXPECT_EQ(decision.hook, "restart_workers");
  EXPECT_EQ(decision.key, "shop/production/r1/1");
  EXPECT_EQ(decision.state, CallState::decided);
  EXPECT_EQ(decision.reason, "error_rate: 5% against < 1%");
  EXPECT_EQ(watch.phase, Phase::watching);
  EXPECT_FALSE(watch.breach_decided) << "it may yet pass";
}

TEST_F(Remedies, ItIsCalledOnceAndItsTimeIsWaitedFor) {
  rule() = broken();
  take(10min);
  call_ends(CallState::confirmed, 11min);
  EXPECT_EQ(next(11min), "-");
  EXPECT_EQ(next(15min - 1s), "-");
  rule().latched = true;
  EXPECT_EQ(next(15min), "breach");
}

TEST_F(Remedies, WhatFollowsIsWhatTheRuleSays) {
  for (const auto& [then, event] : {std::pair{Action::ask, "ask"}, {Action::warn, "-"}}) {
    watch = shop_watch();
    remedied_by(then);
    rule() = broken();
    take(10min);
    rule().latched = then != Action::warn;
    EXPECT_EQ(next(16min), event) << to_string(then);
  }
}

TEST_F(Remedies, ACallThatFailedForCertainIsNotWaitedFor) {
  rule() = broken();
  take(10min);
  call_ends(CallState::failed, 10min + 10s);
  rule().latched = true;
  EXPECT_EQ(next(10min + 10s), "breach");
}

TEST_F(Remedies, ACallOfWhichNobodyKnowsMayHaveHelped) {
  rule() = broken();
  take(10min);
  call_ends(CallState::unknown, 11min);
  EXPECT_EQ(next(12min), "-");
}

TEST_F(Remedies, ABrakeHoldsTheCallAndCooldownIsNone) {
  rule() = broken();
  brakes.kill_switch = true;
  const auto step = look(10min);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->decision->kind, DecisionKind::hold);
  EXPECT_EQ(step->decision->brake, Brake::kill_switch);
  brakes = {};
  brakes.cooldown_until = moment(1h).wall;
  EXPECT_EQ(look(10min)->decision->kind, DecisionKind::call);
}

TEST_F(Remedies, WithoutAVersionToGoBackToItCanStillBeCalled) {
  watch.spec.previous_version.clear();
  rule() = broken();
  EXPECT_EQ(look(10min)->decision->kind, DecisionKind::call);
}

TEST_F(Remedies, InModesThatCallNothingWhatFollowsComesAtOnceAndIsSaid) {
  for (const auto& [mode, kind] :
       {std::pair{Mode::observe, DecisionKind::would_rollback}, {Mode::ask, DecisionKind::ask}}) {
    watch = shop_watch();
    remedied_by(Action::rollback);
    group().rollback.mode = mode;
    rule() = breached();
    EXPECT_TRUE(is_kept(watch, 0, moment(10min)));
    const auto step = look(10min);
    ASSERT_TRUE(step);
    EXPECT_EQ(step->decision->kind, kind);
    EXPECT_THAT(step->reason, HasSubstr("in mode enforce hook restart_workers would be called first"));
  }
}

TEST_F(Remedies, ACallThatABrakeHeldIsForgottenOnceItIsMade) {
  rule() = broken();
  brakes.kill_switch = true;
  take(10min);
  EXPECT_FALSE(watch.breach_decided);
  EXPECT_TRUE(is_certainly_breached(watch));
  EXPECT_THAT(latest_run(watch.decisions), testing::SizeIs(1));
  brakes = {};
  take(11min);
  call_ends(CallState::confirmed, 12min);
  const auto helped = rule().helps_until;
  rule() = good();
  rule().helps_until = helped;
  EXPECT_THAT(latest_run(watch.decisions), testing::IsEmpty());
  EXPECT_EQ(next(2h), "window_passed");
}

TEST_F(Remedies, AHeldCallWhoseBreachStandsToTheEndIsABreach) {
  rule() = broken();
  brakes.kill_switch = true;
  take(10min);
  EXPECT_EQ(next(2h), "window_breached");
}

TEST_F(Remedies, OfTwoRulesThatCallOneWaitsForTheOther) {
  auto second = watch.group->rules[0];
  second.slo = "queue_depth";
  add_rule(second);
  rule(0) = rule(1) = broken();
  take(10min);
  EXPECT_EQ(next(10min), "-");
  call_ends(CallState::confirmed, 11min);
  EXPECT_EQ(look(11min)->decision->slo, "queue_depth");
}

TEST_F(Remedies, AReleaseWhosePlaceIsTakenOnlyWaitsForItsCall) {
  rule() = broken();
  take(10min);
  watch.decisions[0].state = CallState::calling;
  watch.superseded_by = "r2";
  add_rule(error_rate());
  rule(1) = breached();
  EXPECT_EQ(next(10min + 15s), "-");
  watch.close_call(watch.decisions[0], CallState::confirmed, moment(11min));
  EXPECT_EQ(next(11min), "supersede");
}

TEST_F(Remedies, ACallGivesWayToARollbackAndToTheEndOfTheWatch) {
  rule() = broken();
  take(10min);
  watch.decisions[0].state = CallState::calling;
  EXPECT_FALSE(gives_way(watch));
  add_rule(error_rate());
  rule(1) = breached();
  take(10min + 15s);
  EXPECT_TRUE(gives_way(watch));
  EXPECT_FALSE(may_try_again(watch, {9, 5s, 1min, false, 30min}, moment(10min + 20s)));
  watch.close_call(watch.decisions[0], CallState::failed, moment(20min));
  EXPECT_FALSE(gives_way(watch)) << "now the rollback is what is open";
  EXPECT_FALSE(is_late(watch, {9, 5s, 1min, false, 5min}, moment(24min))) << "its own time began with the call's end";
}

TEST_F(Remedies, AtTheWindowsEndTheReadingAfterItsTimeDecides) {
  rule() = broken();
  take(2h - 5min);
  call_ends(CallState::confirmed, 2h - 4min);
  EXPECT_EQ(next(2h), "-") << "not latched yet";
  rule().latched = true;
  EXPECT_EQ(next(2h), "breach");
}

TEST_F(Remedies, ARollbackForAnotherRuleCallsOffWhatHasNotBegun) {
  rule() = broken();
  take(10min);
  add_rule(error_rate());
  rule(1) = breached();
  take(10min + 15s);
  EXPECT_EQ(watch.phase, Phase::rolling_back);
  EXPECT_EQ(watch.decisions[0].state, CallState::failed);
  EXPECT_EQ(watch.open_call(), &watch.decisions[1]);
}

TEST_F(Remedies, ARollbackComesAfterTheCallThatIsUnderWay) {
  rule() = broken();
  take(10min);
  watch.decisions[0].state = CallState::calling;
  add_rule(error_rate());
  rule(1) = breached();
  take(10min + 15s);
  EXPECT_EQ(watch.open_call(), &watch.decisions[0]);
  watch.close_call(watch.decisions[0], CallState::confirmed, moment(11min));
  EXPECT_EQ(watch.open_call(), &watch.decisions[1]);
}

TEST_F(Remedies, AReleaseThatItHelpedPassesAndSaysWhatWasDone) {
  rule() = broken();
  take(10min);
  call_ends(CallState::confirmed, 11min);
  const auto helped = rule().helps_until;
  rule() = good();
  rule().helps_until = helped;
  const auto step = look(2h);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->event, Event::window_passed);
  EXPECT_THAT(step->reason, HasSubstr("; hook restart_workers was called for error_rate (decision 1: confirmed)"));
}

TEST_F(Remedies, NoWatchEndsWhileAHookIsCalledOrMayYetHelp) {
  rule() = broken();
  take(2h - 1min);
  EXPECT_EQ(next(2h), "-");
  watch.decisions[0].state = CallState::calling;
  rule().in_breach = rule().standing = false;
  rule().verdict = Verdict::ok;
  EXPECT_EQ(next(2h + 10min), "-");
}

TEST_F(Remedies, ItIsTooLateForAnotherAttemptOnceItsTimeIsOver) {
  rule() = broken();
  take(10min);
  const RetryPolicy policy{9, 5s, 1min, false, 30min};
  EXPECT_TRUE(may_try_again(watch, policy, moment(14min)));
  EXPECT_FALSE(may_try_again(watch, policy, moment(15min)));
  EXPECT_TRUE(is_late(watch, policy, moment(15min)));
}

TEST_F(Remedies, ASharedCauseAsksInsteadOfRollingBackAfterIt) {
  rule() = broken();
  take(10min);
  rule().latched = true;
  rule().shared_cause = "the others show it alike";
  EXPECT_EQ(next(16min), "ask");
}

TEST_F(Remedies, WhileItsAnswerIsACallNoBreachIsLatched) {
  Judging judging{watch.group->rules[0]};
  judging.context.answered = true;
  judging.read(Outcome::breach);
  EXPECT_EQ(judging.state.verdict, Verdict::breached);
  EXPECT_TRUE(judging.state.standing);
  EXPECT_FALSE(judging.state.latched);
  judging.context.answered = false;
  judging.read(Outcome::breach);
  EXPECT_TRUE(judging.state.latched) << "what stands once its time is over is the release's";
}

TEST_F(Remedies, ABreachThatItEndedIsForgotten) {
  Judging judging{watch.group->rules[0]};
  judging.context.answered = true;
  judging.read(Outcome::breach);
  judging.read(Outcome::ok);
  EXPECT_EQ(judging.state.verdict, Verdict::ok);
}

}  // namespace
}  // namespace guard::core
