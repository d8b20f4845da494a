// SPDX-License-Identifier: Apache-2.0
//
// What servers are asked for whether a release may begin, and that nobody waits for more than that.
#include "guard/engine/admission.hpp"

#include "tests/engine/gating.hpp"

namespace guard::test {
namespace {

class AlertedGate : public Gate {
 protected:
  AlertedGate() { watch_alerts(); }
  void watch_alerts() {
    model::Rule rule;
    rule.slo = "no_alerts";
    rule.kind = model::RuleKind::alerts;
    rule.alerts = {*promql::TextTemplate::parse("service=\"{{ service }}\"", promql::TemplateKind::matcher)};
    rule.max_age = 5min;
    world.groups[0].rules.push_back(rule);
    world.alerts = std::make_shared<FakeAlerts>();
    world.restart();
  }
};

TEST_F(AlertedGate, SeesAlertsHoweverLongTheyFireAndDoesNotTakeSilenceForHealth) {
  world.alerts->answer = std::vector<model::FiringAlert>{};
  EXPECT_EQ(check("alerts").state, CheckState::passed);
  world.alerts->answer = std::vector<model::FiringAlert>{
      {"f", {{"alertname", "ApiDown"}, {"service", "shop"}}, world.clock.now().wall - 24h}};
  EXPECT_EQ(check("alerts").state, CheckState::failed);
  EXPECT_THAT(check("alerts").seen, HasSubstr("ApiDown"));
  world.alerts->answer = std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  EXPECT_EQ(check("alerts").state, CheckState::unknown);
}

class BudgetedGate : public Gate {
 protected:
  BudgetedGate() {
    model::ErrorBudget budget;
    budget.left = *promql::TextTemplate::parse(R"(budget{service="{{ service }}"})", promql::TemplateKind::promql);
    budget.allow = {model::ReleaseKind::hotfix};
    world.groups[0].error_budget = budget;
    world.restart();
  }
  void leave(double share) {
    world.metrics->now[R"(budget{service="shop"})"] = std::vector<model::Sample>{{{}, share}};
  }
};

TEST_F(BudgetedGate, IsShutOnceNothingIsLeft) {
  leave(0.4);
  EXPECT_EQ(check("error_budget").state, CheckState::passed);
  EXPECT_EQ(check("error_budget").seen, "40% of the error budget is left");
  leave(-0.2);
  EXPECT_EQ(check("error_budget").state, CheckState::failed);
  EXPECT_FALSE(core::is_open(asked()));
  EXPECT_TRUE(core::is_open(asked("v3", model::ReleaseKind::hotfix)));
}

TEST_F(BudgetedGate, SaysWhenNobodyCanTell) {
  EXPECT_EQ(check("error_budget").state, CheckState::unknown);
  world.metrics->now[R"(budget{service="shop"})"] =
      std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  EXPECT_EQ(check("error_budget").state, CheckState::unknown);
  EXPECT_EQ(check("error_budget").seen, "connection refused");
}

class AskedBoth : public BudgetedGate {
 protected:
  AskedBoth() {
    leave(0.4);
    world.alerts = std::make_shared<FakeAlerts>();
    world.alerts->answer = std::vector<model::FiringAlert>{};
    model::Rule rule;
    rule.slo = "no_alerts";
    rule.kind = model::RuleKind::alerts;
    rule.alerts = {*promql::TextTemplate::parse("service=\"{{ service }}\"", promql::TemplateKind::matcher)};
    world.groups[0].rules.push_back(rule);
    world.restart();
  }
};

TEST_F(AskedBoth, AreAnsweredTogetherWhicheverServerIsTheLast) {
  for (const auto last : {engine::Lane::alerts, engine::Lane::past}) {
    int answers = 0;
    world.executor->hold(last);
    world.guard->gate({"shop", "production", "v3", {}}, [&](const auto& checks) {
      ++answers;
      EXPECT_TRUE(core::is_open(*checks));
    });
    world.settle();
    EXPECT_EQ(answers, 0);
    world.executor->release(last);
    world.settle();
    EXPECT_EQ(answers, 1);
  }
}

}  // namespace
}  // namespace guard::test
