// SPDX-License-Identifier: Apache-2.0
//
// What counts as evidence about a release: its own time, not the time before it, nor time in which nobody looked.
#include "guard/promql/freshness.hpp"
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::Phase;
using model::Verb;

class Evidence : public testing::Test {
 protected:
  static model::Samples refused() {
    return std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  }
  void rule(const std::function<void(model::Rule&)>& change) {
    change(world.groups[0].rules[0]);
    world.restart();
  }
  void fail_service(double share = 0.2) { world.metrics->now[error_rate] = one(share); }
  void watch() {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    world.run(7s);
    ASSERT_EQ(world.phase("r1"), Phase::watching);
  }

  World world;
};

TEST_F(Evidence, AnOutageOfTheMetricsDoesNotMakeAnOldBreachTheReleases) {
  world.metrics->now[error_rate] = world.metrics->past[error_rate] = refused();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(10s);
  world.metrics->past[error_rate] = one(0.2);
  fail_service();
  world.run(20s);
  EXPECT_TRUE(world.hook->calls.empty()) << "the past must be read when it can be, not given up with the present";
}

// The range still reaches back to the errors of a copy that has ended; the copies that go on are what counts.
TEST_F(Evidence, WhatHasEndedIsAskedForOnlyWhereNothingOfTheReleaseIsThereNow) {
  const std::string expr = "rate(errors[3s]) / rate(total[3s])";
  const auto ages = promql::age_queries(promql::read_selectors(expr, promql::Syntax::promql));
  rule([&](auto& rule) {
    rule.expr = *promql::TextTemplate::parse(expr, promql::TemplateKind::promql);
    rule.max_age = 60s;
  });
  auto& now = world.metrics->now;
  now[expr] = world.metrics->past[expr] = one(0.001);
  now[ages.now[1]] = one(1);
  now[ages.ended[0].second] = now[ages.ended[1].second] = one(200);
  watch();
  EXPECT_EQ(world.view("r1").rules[0].outcome, model::Outcome::ok);
  now[ages.now[1]] = std::vector{model::Sample{{{"service", "another"}}, 1, {}}};
  world.run(2s);
  EXPECT_EQ(world.view("r1").rules[0].reading_reason, model::Reason::stale_sample);
}

TEST_F(Evidence, WhatFillsAfterAnOutageIsTheRangeWithoutItsOffset) {
  const std::string expr = "rate(errors[3s] offset 4s)";
  rule([&](auto& rule) { rule.expr = *promql::TextTemplate::parse(expr, promql::TemplateKind::promql); });
  world.metrics->now[expr] = world.metrics->past[expr] = one(0.001);
  watch();
  world.run(5s);
  world.metrics->now[expr] = world.metrics->past[expr] = refused();
  world.run(5s);
  world.metrics->now[expr] = one(0.2);
  world.run(1s);
  EXPECT_EQ(world.view("r1").rules[0].reason, model::Reason::warming_up);
}

TEST_F(Evidence, APastThatCannotBeReadWhileThePresentCanExcusesNothing) {
  world.metrics->past[error_rate] = refused();
  fail_service();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(12s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Evidence, ABreachUnderTooLittleTrafficBeforeTheReleaseExcusesNothing) {
  rule([](auto& rule) { rule.only_if = *promql::TextTemplate::parse("traffic", promql::TemplateKind::promql); });
  world.metrics->past[error_rate] = one(0.5);
  world.metrics->past["traffic"] = one(0);
  world.metrics->now["traffic"] = one(7);
  fail_service(0.5);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(12s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Evidence, AReleaseAnnouncedLateIsMeasuredAgainstTheTimeBeforeItWasLive) {
  auto spec = shop_release("r1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  std::optional<Result<story::ReleaseView>> answer;
  world.guard->order({Verb::live, "r1", {"pipeline"}, "", world.clock.now().wall - 10min},
                     [&](Result<story::ReleaseView> view) { answer = std::move(view); });
  world.settle();
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(world.disk.watches.at("r1").switch_began, world.clock.now().wall - 11min);
}

TEST_F(Evidence, Fault61TimeInWhichNobodyLookedIsSaidAndIsNoEvidence) {
  watch();
  world.metrics->past[error_rate] = refused();  // and nobody tells of it afterwards
  world.guard.reset();
  world.clock.step(40s);
  world.restart();
  world.run(15s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
  const auto& events = world.disk.events;
  EXPECT_TRUE(std::any_of(events.begin(), events.end(),
                          [](const auto& event) { return model::kind_of(event.what) == model::EventKind::gap; }));
}

TEST_F(Evidence, AnIllnessFoundAfterALongSleepIsStillRolledBack) {
  watch();
  fail_service();
  world.clock.step(30s);
  world.run(4s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Evidence, AnAlertThatResolvesLateAfterARollbackIsWaitedFor) {
  model::Rule rule;
  rule.slo = "no_alerts";
  rule.kind = model::RuleKind::alerts;
  rule.alerts = {*promql::TextTemplate::parse("severity=\"critical\"", promql::TemplateKind::matcher)};
  world.groups[0].rules.push_back(rule);
  world.alerts = std::make_shared<FakeAlerts>();
  world.restart();
  watch();
  const model::FiringAlert alert{"f1", {{"severity", "critical"}}, world.clock.now().wall};
  world.alerts->answer = std::vector{alert};
  world.run(2s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::verifying);
  world.alerts->answer = std::vector<model::FiringAlert>{};
  world.run(12s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Evidence, Fault25AResolvedAlertDoesNotStopARollbackThatIsUnderWay) {
  model::Rule rule;
  rule.slo = "no_alerts";
  rule.kind = model::RuleKind::alerts;
  rule.alerts = {*promql::TextTemplate::parse("severity=\"critical\"", promql::TemplateKind::matcher)};
  world.groups[0].rules.push_back(rule);
  world.restart();
  watch();
  world.hook->results = {model::AttemptResult::retry};
  const model::FiringAlert alert{"f1", {{"severity", "critical"}}, world.clock.now().wall};
  ASSERT_TRUE(world.receive(notification_of(alert, alerts::AlertStatus::firing)));
  world.run(2s);
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  ASSERT_TRUE(world.receive(notification_of(alert, alerts::AlertStatus::resolved)));
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 2U);
}

TEST_F(Evidence, Fault21AnOffsetHoldsNothingFromBeforeLiveAgainstTheRelease) {
  rule([](auto& rule) { rule.expr = *promql::TextTemplate::parse("x offset 20s", promql::TemplateKind::promql); });
  world.metrics->now["x offset 20s"] = one(0.2);
  auto spec = shop_release("r1");
  spec.kind = model::ReleaseKind::hotfix;
  ASSERT_TRUE(world.announce(spec));
  world.run(19s);
  EXPECT_TRUE(world.hook->calls.empty());
  world.run(6s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Evidence, Fault21ARangeCountsOnceTheReleaseIsAsOld) {
  rule([](auto& rule) { rule.expr = *promql::TextTemplate::parse("rate(x[20s])", promql::TemplateKind::promql); });
  world.metrics->now["rate(x[20s])"] = one(0.2);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(19s);
  EXPECT_TRUE(world.hook->calls.empty());
  world.run(6s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Evidence, ABaselineOfAnotherTimeIsOfWhateverVersionRanThen) {
  rule([](auto& rule) {
    rule.objective = {model::Comparison::greater_equal, 0.5, model::Unit::ratio, true};
    rule.baselines = {model::Baseline{Duration{0}, 168h}};
    rule.reduce = model::Reduce::sum;
  });
  const auto now = world.clock.now().wall;
  world.metrics->now[error_rate] =
      std::vector<model::Sample>{{{{"version", "v2"}}, 100, now}, {{{"version", "v0"}}, 300, now}};
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(12s);
  EXPECT_EQ(world.hook->calls.size(), 1U) << "100 is less than half of the 400 of a week ago";
}

}  // namespace
}  // namespace guard::test
