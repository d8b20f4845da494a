// SPDX-License-Identifier: Apache-2.0
//
// A live run and its replay agree for each kind of rule: events that are counted, alerts, signals.
#include "tests/engine/replayed_run.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

class ReplayedKinds : public ReplayedRun {
 protected:
  // A service that is scraped each second, with 20 requests a second and a third of them failing from `bad_from` on.
  void share_from(Duration bad_from) {
    auto& rule = world.groups[0].rules[0];
    rule.kind = model::RuleKind::share;
    rule.expr.reset();
    world.groups[0].window = 5min;
    rule.share = model::Share{selector("failed"), selector("requests")};
    const auto began = world.clock.now().wall;
    before_tick = [this, began, bad_from, requests = 0.0, failed = 0.0](WallTime at) mutable {
      requests += 20;
      failed += at - began < bad_from ? 0 : 7;
      scraped("requests", requests, at);
      scraped("failed", failed, at);
    };
  }
  // What has not got the release fails too, by as many of a hundred since it began.
  void others_fail(double bad) {
    world.groups[0].rules[0].share->control = model::Control{
        selector(R"(failed{job!="shop"})"), selector(R"(requests{job!="shop"})"), selector(R"(job!="shop")")};
    recorder_->answer = [bad, began = world.clock.now().wall](const auto& query) -> std::optional<double> {
      if (query.expr.find("requests{job!=") != std::string::npos) return query.at < began ? 1000 : 100;
      if (query.expr.find("failed{job!=") != std::string::npos) return query.at < began ? 0 : bad;
      return std::nullopt;
    };
  }
  void scraped(const std::string& name, double value, WallTime at) {
    recorder_->stored[name].push_back({{{"job", "shop"}, {"instance", "a"}}, value, at});
  }
  model::Rule& add_rule(model::RuleKind kind, const std::string& slo) {
    model::Rule rule;
    rule.slo = slo;
    rule.kind = kind;
    return world.groups[0].rules.emplace_back(std::move(rule));
  }
  // What Alertmanager says in the run, and the series ALERTS of its recording.
  void tell_alerts(FiringAt what) {
    firing = std::move(what);
    world.alerts = std::make_shared<FakeAlerts>();
    world.alerts->answer = firing(world.clock.now().wall);
    before_tick = [this](WallTime at) { world.alerts->answer = firing(at); };
  }
  // The pipeline posts it between two readings of the metrics.
  void post_signal(bool succeeded) {
    add_rule(model::RuleKind::signal, "e2e").signal = "e2e";
    before_tick = [this, succeeded, posted = world.clock.now().wall + 20s](WallTime at) {
      if (at != posted) return;
      world.clock.step(500ms);
      ASSERT_TRUE(world.signal("r1", "e2e", succeeded));
      tick();
      world.clock.step(500ms);
      tick();
    };
  }
};

TEST_F(ReplayedKinds, AShareIsCountedAlikeInBoth) {
  share_from(20s);
  const auto told = live();
  EXPECT_THAT(told.concluded, HasSubstr("rollback error_rate"));
  expect_equal(told, replayed());
}

TEST_F(ReplayedKinds, AShareWhoseControlIsWellIsRolledBackInBoth) {
  share_from(20s);
  others_fail(0);
  const auto told = live();
  EXPECT_THAT(told.concluded, HasSubstr("rollback error_rate"));
  expect_equal(told, replayed());
}

TEST_F(ReplayedKinds, AShareWhoseControlFailsAlikeIsAskedAboutInBoth) {
  share_from(20s);
  others_fail(30);
  const auto told = live();
  EXPECT_THAT(told.concluded, HasSubstr("ask error_rate"));
  expect_equal(told, replayed());
}

// 20 requests a second, and from the minute on two.
TEST_F(ReplayedKinds, EventsAreCountedAgainstTheirBaselineAlikeInBoth) {
  auto& rule = world.groups[0].rules[0];
  rule.kind = model::RuleKind::count;
  rule.expr.reset();
  rule.count = model::Count{selector("requests")};
  rule.objective = {model::Comparison::greater_equal, 0.5, model::Unit::ratio, true};
  rule.baselines = {{10min, Duration{0}}};
  world.groups[0].window = 5min;
  const auto began = world.clock.now().wall;
  auto served = [requests = 0.0, began](WallTime at) mutable { return requests += at - began < 60s ? 20 : 2; };
  before_tick = [this, served](WallTime at) mutable { scraped("requests", served(at), at); };
  for (auto at = began - Duration(15min); at <= began; at += 1s) before_tick(at);
  const auto told = live();
  EXPECT_THAT(told.concluded, HasSubstr("rollback error_rate"));
  expect_equal(told, replayed());
}

// One fires since before the release, and for a while Alertmanager does not answer.
TEST_F(ReplayedKinds, AlertsAreFoundInBothByTheirSeries) {
  add_rule(model::RuleKind::alerts, "no_alerts").alerts = {
      *promql::TextTemplate::parse("severity=\"critical\"", promql::TemplateKind::matcher)};
  const auto began = world.clock.now().wall;
  const auto long_ago = began - Duration(1min) - Duration{1};
  tell_alerts([=](WallTime at) -> Firing {
    if (at >= began + Duration(20s) && at < began + Duration(23s))
      return std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
    std::vector<model::FiringAlert> out{{"0", {{"alertname", "DiskFull"}, {"severity", "critical"}}, long_ago}};
    const auto since = began + Duration(40s);
    if (at >= since) out.push_back({"1", {{"alertname", "Errors"}, {"severity", "critical"}}, since});
    return out;
  });
  const auto told = live();
  EXPECT_THAT(told.concluded, HasSubstr("rollback no_alerts"));
  expect_equal(told, replayed());
}

TEST_F(ReplayedKinds, ASignalOfTheStoreDecidesBothAtTheMomentItCame) {
  post_signal(false);
  const auto told = live();
  EXPECT_THAT(told.concluded, HasSubstr("rollback e2e"));
  expect_equal(told, replayed());
}

TEST_F(ReplayedKinds, ASignalThatSucceedsLetsBothPass) {
  post_signal(true);
  const auto told = live();
  EXPECT_EQ(world.phase("r1"), Phase::passed);
  expect_equal(told, replayed());
}

}  // namespace
}  // namespace guard::test
