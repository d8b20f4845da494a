// SPDX-License-Identifier: Apache-2.0
//
// When releases are read, where sources hang or are too slow: stepped time, and lanes that are held.
#include "tests/engine/watching.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::test {
namespace {

using engine::Lane;
using model::Outcome;

const model::FiringAlert critical{"f1", {{"alertname", "Down"}, {"severity", "critical"}}, {}};

class Scheduler : public Engine {
 protected:
  // A rule that asks Alertmanager, beside the one that asks Prometheus.
  void add_alerts_rule() {
    model::Rule rule;
    rule.slo = "no_critical_alerts";
    rule.kind = model::RuleKind::alerts;
    rule.alerts.push_back(*promql::TextTemplate::parse("severity=\"critical\"", promql::TemplateKind::matcher));
    world.groups[0].rules.push_back(std::move(rule));
    world.alerts = std::make_shared<FakeAlerts>();
    world.restart();
  }
  void fire() {
    auto alert = critical;
    alert.starts_at = world.clock.now().wall;
    world.alerts->answer = std::vector{alert};
  }
  void step(Duration by) {
    world.clock.step(by);
    world.guard->tick();
    world.settle();
  }
  // The group watches every service.
  void watch_all() {
    world.groups[0].match = {*model::Matcher::parse("service=~\".+\"")};
    world.restart();
  }
  story::RuleView rule(std::size_t index) { return world.view("r1").rules.at(index); }
};

TEST_F(Scheduler, Fault3APrometheusThatHangsDoesNotBlindTheRuleThatAsksAlertmanager) {
  add_alerts_rule();
  watch();
  world.executor->hold(Lane::query);
  world.executor->hold(Lane::past);
  fire();
  world.run(2s);
  EXPECT_EQ(last_decision("r1").kind, DecisionKind::rollback);
  EXPECT_EQ(last_decision("r1").slo, "no_critical_alerts");
}

TEST_F(Scheduler, AnAlertmanagerThatHangsDoesNotBlindTheRuleThatAsksPrometheus) {
  add_alerts_rule();
  watch();
  world.executor->hold(Lane::alerts);
  fail_service();
  world.run(4s);
  EXPECT_EQ(last_decision("r1").slo, "error_rate");
}

TEST_F(Scheduler, ARoundThatHasNothingToAskIsReadAllTheSame) {
  world.groups[0].rules[0].expr =
      *promql::TextTemplate::parse(R"(up{team="{{ labels.team }}"})", promql::TemplateKind::promql);
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.guard->tick();
  world.settle();
  EXPECT_EQ(rule(0).outcome, Outcome::error) << "at once, not when its time is over";
  EXPECT_THAT(rule(0).explanation, testing::HasSubstr("team"));
}

TEST_F(Scheduler, NoAnswerFromAlertmanagerIsNoWordThatNothingFires) {
  add_alerts_rule();
  watch();
  world.executor->hold(Lane::alerts);
  step(1s);
  step(950ms);
  EXPECT_EQ(rule(1).outcome, Outcome::error);
  EXPECT_THAT(world.view("r1").rules.at(1).explanation, testing::HasSubstr("no answer from Alertmanager"));
}

TEST_F(Scheduler, AlertmanagerIsAskedOnceForAllThatWait) {
  add_alerts_rule();
  watch_all();
  for (int i = 0; i < 50; ++i) {
    auto spec = shop_release(fmt::format("r{}", i));
    spec.service = fmt::format("shop-{}", i);
    ASSERT_TRUE(world.announce(spec));
  }
  world.run(3s);
  const auto before = world.alerts->asked;
  world.run(10s);
  EXPECT_LE(world.alerts->asked - before, 30) << "not 500";
  EXPECT_GE(world.alerts->asked - before, 10);
}

// A round that is not answered ends before the next, with an error, and every round is made.
TEST_F(Scheduler, Fault2ARoundNeverOutlivesTheNext) {
  watch();
  world.executor->hold(Lane::query);
  const auto errors = [this] { return world.telemetry.evaluations[Outcome::error]; };
  step(1s);
  for (int round = 0; round < 5; ++round) {
    const auto before = errors();
    step(900ms);
    EXPECT_EQ(errors(), before) << "its answers may still come: " << round;
    step(50ms);
    EXPECT_EQ(errors(), before + 1) << round;
    world.executor->finish(Lane::query);
    step(50ms);
  }
  EXPECT_EQ(world.telemetry.missed, 0);
  EXPECT_LE(world.metrics->longest_deadline, 900ms) << "though the timeout is 10s";
}

TEST_F(Scheduler, WhatIsAnsweredAfterTheEndOfItsRoundIsNotListenedTo) {
  watch();
  world.executor->hold(Lane::query);
  step(1s);
  step(950ms);
  ASSERT_EQ(rule(0).outcome, Outcome::error);
  const auto judged = world.telemetry.evaluations;
  world.executor->finish(Lane::query);
  world.settle();
  EXPECT_EQ(world.telemetry.evaluations, judged);
  EXPECT_EQ(rule(0).outcome, Outcome::error);
}

TEST_F(Scheduler, ASourceThatTakesLongerThanTheRoundGivesAnErrorAndIsReadAgain) {
  watch();
  world.metrics->takes = 2s;
  step(1s);
  EXPECT_EQ(rule(0).outcome, Outcome::error);
  EXPECT_THAT(rule(0).explanation, testing::HasSubstr("no answer within 900ms"));
  world.metrics->takes = 500ms;
  step(1s);
  EXPECT_EQ(rule(0).outcome, Outcome::ok);
}

TEST_F(Scheduler, QuestionsThatHangAreNotStacked) {
  watch();
  world.executor->hold(Lane::query);
  for (int i = 0; i < 40; ++i) step(500ms);
  EXPECT_LE(world.executor->waiting(Lane::query), 4U);
}

// Prometheus answers each question in half a second, and 16 at once.
class Overload : public Scheduler {
 protected:
  static constexpr int releases = 300;
  static constexpr Duration interval = 5s;

  void SetUp() override {
    auto& group = world.groups[0];
    group.interval = interval;
    group.window = 10min;
    watch_all();
    for (int i = 0; i < releases; ++i) {
      auto spec = shop_release(fmt::format("r{:03}", i));
      spec.service = fmt::format("shop-{}", i);
      ASSERT_TRUE(world.announce(spec));
    }
    world.executor->hold(Lane::query);
  }
  void run_overloaded(Duration time) {
    for (Duration done{0}; done < time; done += answer_time) {
      world.clock.step(answer_time);
      most_at_once = std::max(most_at_once, world.executor->waiting(Lane::query));
      world.executor->finish(Lane::query);
      world.guard->tick();
      world.settle();
    }
  }
  Duration answer_time = 500ms;
  std::size_t most_at_once = 0;
};

TEST_F(Overload, Fault63EveryReleaseIsReadWithABoundedLag) {
  run_overloaded(60s);
  const auto now = world.clock.now().wall;
  const auto pass = releases * answer_time / 16;  // how long one reading of each takes: twice the interval
  Duration longest{0};
  for (const auto& view : world.guard->releases({})) {
    ASSERT_TRUE(view.rules[0].read_at) << view.spec.id << " was never read";
    EXPECT_EQ(view.rules[0].outcome, Outcome::ok) << view.spec.id << ": " << view.rules[0].explanation;
    longest = std::max(longest, now - *view.rules[0].read_at);
  }
  EXPECT_LE(longest, pass + interval);
  EXPECT_EQ(world.telemetry.evaluations[Outcome::error], 0) << "no round begins that has no time left";
  EXPECT_GE(world.telemetry.evaluations[Outcome::ok], releases * 5);
  EXPECT_LE(most_at_once, 16U);
  EXPECT_GT(world.telemetry.missed, 0) << "rounds that are left out are counted";
}

TEST_F(Overload, Fault63WhatWasMissedIsNotAskedForBeside) {
  answer_time = 1s;  // each release is read every fourth interval
  run_overloaded(90s);
  EXPECT_LE(world.metrics->asked_past, releases) << "its past, once";
}

TEST_F(Overload, Fault63AReleaseThatComesLaterIsReadInItsTurn) {
  run_overloaded(20s);
  auto spec = shop_release("zzz");
  spec.service = "late";
  ASSERT_TRUE(world.announce(spec));
  run_overloaded(15s);
  EXPECT_TRUE(world.view("zzz").rules[0].read_at);
}

TEST_F(Scheduler, Fault63ReleasesWhoseAnswersComeTooLateLeavePlacesToOthers) {
  watch_all();
  const auto announce = [this](const std::string& name) {
    auto spec = shop_release(name);
    spec.service = "shop-" + name;
    return world.announce(spec).has_value();
  };
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(announce(fmt::format("r{}", i)));
  world.executor->hold(Lane::query);
  step(1s);
  ASSERT_EQ(world.executor->waiting(Lane::query), 16U);
  step(950ms);
  world.executor->finish(Lane::query);
  step(50ms);
  EXPECT_EQ(world.executor->waiting(Lane::query), 12U);
  ASSERT_TRUE(announce("quick"));
  step(10ms);
  EXPECT_EQ(world.executor->waiting(Lane::query), 13U);
}

TEST_F(Scheduler, ABaselineThatCannotBeReadIsNotAskedForInEachRound) {
  auto& rule = world.groups[0].rules[0];
  rule.preexisting = model::Preexisting::rollback;
  rule.baselines = {model::Baseline{2h, {}}};
  rule.objective.of_baseline = true;
  world.groups[0].window = 1h;
  world.metrics->past[error_rate] = std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(2min);
  EXPECT_LE(world.metrics->asked_past, 8);
  EXPECT_GE(world.metrics->asked_past, 5);
  world.metrics->past[error_rate] = one(0.1);
  world.run(2min + 10s);
  EXPECT_EQ(world.view("r1").rules[0].baseline, 0.1);
}

TEST_F(Scheduler, AReadingOfAlertsLeavesTheQuestionsAboutThePastWaiting) {
  auto second = world.groups[0].rules[0];
  auto third = second;
  second.slo = "second";
  third.slo = "third";
  world.groups[0].rules.push_back(second);
  world.groups[0].rules.push_back(third);
  world.groups[0].interval = 10s;
  add_alerts_rule();
  world.executor->hold(Lane::past);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(2s);
  ASSERT_EQ(world.executor->waiting(Lane::past), 2U) << "the third waits for its turn";
  ASSERT_TRUE(world.receive(notification_of(critical, alerts::AlertStatus::firing)));  // has alerts read at once
  world.run(1s);
  world.executor->release(Lane::past);
  world.settle();
  EXPECT_EQ(world.metrics->asked_past, 3);
}

TEST_F(Scheduler, WhatAReleaseStillAskedWhenItEndedEndsNoLaterRound) {
  watch();
  world.executor->hold(Lane::query);
  step(1s);
  ASSERT_EQ(world.executor->waiting(Lane::query), 1U);
  ASSERT_TRUE(world.order(model::Verb::abort, "r1"));
  const auto judged = world.telemetry.evaluations;
  world.executor->finish(Lane::query);
  world.settle();
  EXPECT_EQ(world.telemetry.evaluations, judged);
  EXPECT_EQ(world.phase("r1"), Phase::aborted);
}

TEST_F(Scheduler, ThePastOfManyReleasesLeavesTheRoundsThatJudgeAlone) {
  watch_all();
  world.executor->hold(Lane::past);
  for (int i = 0; i < 100; ++i) {
    auto spec = shop_release(fmt::format("r{}", i));
    spec.service = fmt::format("shop-{}", i);
    ASSERT_TRUE(world.announce(spec));
  }
  step(1s);
  step(950ms);
  EXPECT_LE(world.executor->waiting(Lane::past), 4U);
  for (const auto& view : world.guard->releases({})) EXPECT_EQ(view.rules[0].outcome, Outcome::ok) << view.spec.id;
}

}  // namespace
}  // namespace guard::test
