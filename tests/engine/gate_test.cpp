// SPDX-License-Identifier: Apache-2.0
//
// What an engine answers when it is asked whether a release may begin.
#include "guard/core/gate.hpp"

#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using model::Check;
using model::CheckState;
using testing::HasSubstr;

class Gate : public Engine {
 protected:
  std::vector<Check> asked(const std::string& version = "v3", model::ReleaseKind kind = model::ReleaseKind::feature,
                           const std::string& environment = "production") {
    std::vector<Check> out;
    world.guard->gate({"shop", environment, version, kind}, [&](auto checks) { out = std::move(*checks); });
    world.settle();
    return out;
  }
  Check check(const std::string& name, const std::string& version = "v3") {
    for (const auto& one : asked(version))
      if (one.name == name) return one;
    return {"", CheckState::unknown, "there is none", ""};
  }
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

TEST_F(Gate, IsOpenOnAQuietDay) {
  for (const auto& one : asked()) EXPECT_EQ(one.state, CheckState::passed) << one.name << ": " << one.seen;
  watch();
  for (const auto& one : asked()) EXPECT_EQ(one.state, CheckState::passed) << one.name << ": " << one.seen;
}

TEST_F(Gate, IsShutWhereNoGroupWouldWatchAndUnknownWhereItDependsOnMore) {
  EXPECT_EQ(asked("v3", {}, "elsewhere")[0].state, CheckState::failed);
  world.groups[0].match.push_back(*model::Matcher::parse("version=~\"v.*\""));
  world.restart();
  EXPECT_EQ(check("rules", "").state, CheckState::unknown);
  EXPECT_EQ(check("rules", "v3").state, CheckState::passed);
  world.groups[0].match.push_back(*model::Matcher::parse("team=web"));
  world.restart();
  EXPECT_EQ(check("rules", "v3").state, CheckState::unknown);
}

TEST_F(Gate, SeesFreezesAndWhatTheyLetPass) {
  world.groups[0].freeze = model::FreezePolicy{24h, {model::Change::first}, model::allowed_in_freezes};
  world.restart();
  watch();
  EXPECT_EQ(check("freeze").state, CheckState::failed);
  EXPECT_TRUE(core::is_open(asked("v3", model::ReleaseKind::hotfix)));
}

TEST_F(Gate, SeesARollbackUnderWayAndWhatNeedsAPerson) {
  world.groups[0].contacts.primary = "Ada, @ada";
  world.restart();
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  EXPECT_EQ(check("place").seen, "release r1: its rollback is under way");
  world.hook->results = {AttemptResult::failed};
  world.executor->release(engine::Lane::hook);
  world.settle();
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_THAT(check("place").seen, HasSubstr("release r1: a person is needed"));
  EXPECT_THAT(check("place").advice, testing::EndsWith("; whom to call: primary on-call: Ada, @ada"));
}

TEST_F(Gate, SeesAlertsHoweverLongTheyFireAndDoesNotTakeSilenceForHealth) {
  watch_alerts();
  world.alerts->answer = std::vector<model::FiringAlert>{};
  EXPECT_EQ(check("alerts").state, CheckState::passed);
  world.alerts->answer = std::vector<model::FiringAlert>{
      {"f", {{"alertname", "ApiDown"}, {"service", "shop"}}, world.clock.now().wall - 24h}};
  EXPECT_EQ(check("alerts").state, CheckState::failed);
  EXPECT_THAT(check("alerts").seen, HasSubstr("ApiDown"));
  world.alerts->answer = std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  EXPECT_EQ(check("alerts").state, CheckState::unknown);
}

TEST_F(Gate, SeesWhatTheVersionMustHaveShownElsewhere) {
  world.groups[0].requirement = model::Requirement{"staging", 1h, model::UnmetAction::refuse, {}};
  world.restart();
  EXPECT_EQ(check("staging").state, CheckState::failed);
  EXPECT_EQ(check("staging", "").state, CheckState::unknown);
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

}  // namespace
}  // namespace guard::test
