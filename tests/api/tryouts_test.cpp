// SPDX-License-Identifier: Apache-2.0
//
// The paths by which people try out objectives and rule files.
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using config::Role;
using testing::ElementsAre;
using testing::HasSubstr;

class TryOuts : public testing::Test {
 protected:
  Answer send(const std::string& path, const std::string& body, const std::string& name = "reader") {
    return Client(host).ask(post(path, body, name));
  }
  Answer read(const std::string& path, const std::string& name = "reader") { return Client(host).ask(get(path, name)); }

  Host host{
      {{}, {token("reader", Role::read), token("alertmanager", Role::alerts), token("operator", Role::operate)}, {}}};
};

constexpr auto what_if = "/api/v1/releases/r1/what-if";

engine::WhatIfAnswer answer() {
  auto group = std::make_shared<model::RuleGroup>();
  model::Rule rule;
  rule.slo = "error_rate";
  rule.objective = {model::Comparison::less, 0.01, model::Unit::ratio, false};
  group->rules = {rule};
  engine::WhatIfAnswer out;
  out.trial.release.spec.id = "r1";
  out.trial.group = group;
  out.trial.tried = rule;
  for (auto* judged : {&out.what_if.now, &out.what_if.tried}) {
    judged->group = group;
    judged->course.rules.resize(1);
    judged->course.watch.rules.resize(1);
  }
  return out;
}

TEST_F(TryOuts, AnObjectiveIsGivenAsARuleFileWritesIt) {
  host.guard.trial = answer();
  const auto told = send(what_if, R"({"slo":"error_rate","objective":"< 2%","for":"5m","confidence":"99%"})");
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_EQ(parse_json(told.body)->at("tried").at("verdict").as_string(), "unknown");
  ASSERT_EQ(host.guard.trials.size(), 1U);
  const auto& asked = host.guard.trials[0];
  EXPECT_EQ(asked.release, "r1");
  EXPECT_EQ(asked.slo, "error_rate");
  EXPECT_EQ(asked.change.objective, "< 2%");
  EXPECT_EQ(asked.change.sustained, "5m");
  EXPECT_EQ(asked.change.confidence, "99%");
}

TEST_F(TryOuts, SomethingMustBeTried) {
  EXPECT_THAT(send(what_if, R"({"slo":"error_rate"})").error(), HasSubstr("say what is to be tried"));
  EXPECT_THAT(send(what_if, R"({"objective":"< 2%"})").error(), HasSubstr("slo"));
  EXPECT_THAT(send(what_if, R"({"slo":"a","objektive":"< 2%"})").error(), HasSubstr("did you mean \"objective\"?"));
  EXPECT_TRUE(host.guard.trials.empty());
}

TEST_F(TryOuts, WhyItCannotBeTriedIsSaid) {
  host.guard.trial = fail(ErrorCode::timeout, "Prometheus is too slow");
  const auto told = send(what_if, R"({"slo":"error_rate","objective":"< 2%"})");
  EXPECT_EQ(told.status, 503);
  EXPECT_EQ(told.error(), "Prometheus is too slow");
}

TEST_F(TryOuts, ATextIsCheckedUnderTheNameItIsGiven) {
  host.guard.findings->groups = 1;
  host.guard.findings->rules = 2;
  const auto told = send("/api/v1/rules/check", R"({"text":"groups: []\n","file":"rules/shop.yml"})", "operator");
  EXPECT_EQ(told.body, R"({"ok":true,"summary":"ok: 1 group, 2 rules","diagnostics":[]})"
                       "\n");
  send("/api/v1/rules/check", R"({"text":""})", "operator");
  ASSERT_EQ(host.guard.texts.size(), 2U);
  EXPECT_EQ(host.guard.texts[0].text, "groups: []\n");
  EXPECT_EQ(host.guard.texts[0].file, "rules/shop.yml");
  EXPECT_EQ(host.guard.texts[1].file, "rules.yml");
}

TEST_F(TryOuts, ARuleIsDrawnByTheLineItStandsOn) {
  EXPECT_EQ(send("/api/v1/rules/series", R"({"text":"groups: []","line":12})", "operator").status, 200);
  EXPECT_THAT(host.guard.lines, ElementsAre(12));
  EXPECT_EQ(send("/api/v1/rules/series", R"({"line":12})", "operator").status, 400);
  EXPECT_EQ(send("/api/v1/rules/series", R"({"text":"","line":"12"})", "operator").status, 400);
}

TEST_F(TryOuts, TheRulesOfAGroupAreTheFileTheyWereReadFrom) {
  auto group = std::make_shared<model::RuleGroup>();
  group->name = "of shop & co";
  group->file = "rules/shop.yml";
  host.guard.configuration->groups = {group};
  host.guard.configuration->rule_texts = {{"rules/shop.yml", "groups: # mine\n"}};
  EXPECT_EQ(read("/api/v1/rules/text?group=of%20shop%20%26%20co").body,
            R"({"group":"of shop & co","file":"rules/shop.yml","text":"groups: # mine\n"})"
            "\n");
  EXPECT_EQ(read("/api/v1/rules/text?group=other").error(), "no rule group \"other\" is in force");
  EXPECT_THAT(read("/api/v1/rules/text").error(), HasSubstr("?group="));
}

TEST_F(TryOuts, AskingAnyExpressionTakesMoreThanReading) {
  for (const auto* path : {"/api/v1/rules/check", "/api/v1/rules/series"})
    EXPECT_EQ(send(path, R"({"text":"groups: []","line":1})", "reader").status, 403) << path;
}

TEST_F(TryOuts, TakeRoleRead) {
  for (const auto* path : {what_if, "/api/v1/rules/check", "/api/v1/rules/series"}) {
    EXPECT_EQ(send(path, "{}", "").status, 401);
    EXPECT_EQ(send(path, "{}", "alertmanager").status, 403);
  }
  EXPECT_EQ(read("/api/v1/rules/text?group=a", "").status, 401);
  EXPECT_EQ(read("/api/v1/rules/text?group=a", "alertmanager").status, 403);
}

}  // namespace
}  // namespace guard::test
