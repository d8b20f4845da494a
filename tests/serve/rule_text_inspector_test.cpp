// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/rule_text_inspector.hpp"

#include "guard/serve/live_runtime.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/step_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

std::string rules(const std::string& expr, const std::string& more = "") {
  return "groups:\n  - name: shop\n    match: ['service=\"shop\"']\n    window: 1h\n    settle: 5m\n    interval: 15s\n"
         "    rollback: { mode: observe }\n    rules:\n      - slo: queue\n        expr: " +
         expr + "\n        objective: \"< 10\"\n        for: 1m\n        on_no_data: hold\n        on_error: hold\n" +
         more;
}

// A Prometheus that refuses one expression and has one value for all others.
class DeskOfServer : public testing::Test {
 protected:
  DeskOfServer() {
    config::Settings settings;
    settings.prometheus.emplace();
    settings.prometheus->http.url = server.url();
    settings.prometheus->timeout = 5s;
    runtime = *serve::make_runtime(std::make_shared<const config::Settings>(settings), {clock, {}});
  }

  static Answered answer(const Asked& asked) {
    if (asked.body.find("refused") != std::string::npos)
      return {400, R"({"status":"error","errorType":"bad_data","error":"no such function"})"};
    if (asked.target.find("format_query") != std::string::npos) return {200, R"({"status":"success","data":"x"})"};
    return {200,
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1728000000,"1"]}]}})"};
  }

  config::Findings check(const std::string& text, Duration time = 10s) {
    return serve::check_rules({text, "my.yml"}, *runtime, serve::QuestionTime(clock, clock.now().mono + time));
  }

  FakeServer server{answer};
  StepClock clock;
  engine::RuntimePtr runtime;
};

TEST_F(DeskOfServer, FaultsOfTheTextAreFoundWithoutAskingAnybody) {
  const auto found = check(rules("queue", "        objektive: 3\n"));
  EXPECT_FALSE(found.complete);
  ASSERT_EQ(found.diagnostics.items.size(), 1U);
  EXPECT_EQ(found.diagnostics.items[0].path, "my.yml");
  EXPECT_EQ(found.diagnostics.items[0].line, 15);
  EXPECT_THAT(found.diagnostics.items[0].message, HasSubstr("did you mean `objective`?"));
  EXPECT_THAT(server.asked(), IsEmpty());
}

TEST_F(DeskOfServer, WhatTheServerRefusesStandsWhereItIsWritten) {
  const auto found = check(rules("refused(queue)"));
  EXPECT_FALSE(found.complete);
  ASSERT_EQ(found.diagnostics.items.size(), 1U);
  EXPECT_EQ(found.diagnostics.items[0].line, 10);
  EXPECT_THAT(found.diagnostics.items[0].message, HasSubstr("no such function"));
}

TEST_F(DeskOfServer, WhatIsGoodIsCounted) {
  const auto found = check(rules("queue"));
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.groups, 1U);
  EXPECT_EQ(found.rules, 1U);
  EXPECT_EQ(found.silence, "");
  EXPECT_THAT(server.asked(), testing::Not(IsEmpty()));
}

TEST_F(DeskOfServer, WhereNoTimeIsLeftThatIsSaidAndNothingIsTakenForGood) {
  const auto found = check(rules("refused(queue)"), Duration{0});
  EXPECT_TRUE(found.complete) << "the text itself";
  EXPECT_THAT(found.silence, HasSubstr("time for questions"));
  EXPECT_THAT(server.asked(), IsEmpty());
}

TEST_F(DeskOfServer, WithoutAServerThatIsSaid) {
  engine::Runtime none;
  none.settings = std::make_shared<const config::Settings>();
  const auto found = serve::check_rules({rules("queue"), "my.yml"}, none, serve::QuestionTime(clock));
  EXPECT_EQ(found.silence, "no Prometheus is configured");
}

TEST(RuleTextInspector, TheLastDayOfARuleIsItsQueryInFewPoints) {
  const WallTime now{480000h};
  const auto plan = serve::plan_rule({rules("sum(queue{service=\"{{ service }}\"})"), "my.yml"}, 11, now);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->empty.slo, "queue");
  ASSERT_EQ(plan->values.size(), 1U);
  EXPECT_EQ(plan->values[0].expr, "sum(queue{service=\"shop\"})");
  EXPECT_EQ(plan->empty.points.size(), story::most_points);
  EXPECT_LE(plan->empty.from, now - Duration(23h));
  EXPECT_EQ(plan->empty.from + 239 * plan->empty.step, now);
}

TEST(RuleTextInspector, WhyThereIsNoLastDayIsSaid) {
  const auto problem = [](const std::string& text, int line) {
    const auto plan = serve::plan_rule({text, "my.yml"}, line, WallTime{480000h});
    return plan ? "none" : plan.error().message;
  };
  EXPECT_THAT(problem(rules("queue"), 3), HasSubstr("no rule stands on line 3"));
  EXPECT_THAT(problem(rules("queue{version=\"{{ version }}\"}"), 10), HasSubstr("only a release can fill in"));
  EXPECT_THAT(problem("groups: 3", 1), HasSubstr("the text has errors"));
  const auto signal = rules("queue", "      - { slo: e2e, signal: e2e, objective: succeeded, on_no_data: hold }\n");
  EXPECT_THAT(problem(signal, 15), HasSubstr("read from a signal"));
}

}  // namespace
}  // namespace guard::test
