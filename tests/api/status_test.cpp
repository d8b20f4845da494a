// SPDX-License-Identifier: Apache-2.0
//
// What tools that know Prometheus' HTTP API read of the guard.
#include "guard/api/openapi.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/file.hpp"
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using model::Outcome;
using model::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

promql::TextTemplate expr(const std::string& text) {
  return *promql::TextTemplate::parse(text, promql::TemplateKind::promql);
}

class StatusApi : public testing::Test {
 protected:
  static Host::Setup with_tokens() {
    Host::Setup setup;
    setup.tokens = {token("reader", config::Role::read), token("alerts", config::Role::alerts),
                    token("operator", config::Role::operate)};
    return setup;
  }

  // `data` of a successful answer.
  json::value data(const std::string& path, const std::string& who = "reader") {
    const auto answer = client.ask(get(path, who));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto value = parse_json(answer.body)->as_object();
    EXPECT_EQ(value.at("status"), "success");
    return value.at("data");
  }

  json::array groups(const std::string& query = "") { return data("/api/v1/rules" + query).at("groups").as_array(); }
  json::object rule(const std::string& query = "") { return groups(query).at(0).at("rules").at(0).as_object(); }

  // One group with one rule that is in force.
  void configure() {
    model::RuleGroup group;
    group.name = "shop";
    group.file = "rules/shop.yml";
    group.interval = 15s;
    auto& errors = group.rules.emplace_back();
    errors.slo = "error_rate";
    errors.expr = expr(R"(errors{service="{{ service }}"})");
    errors.objective = {model::Comparison::less, 0.01, model::Unit::ratio, false};
    errors.breach.sustained = 5min;
    host.guard.configuration->groups = {std::make_shared<const model::RuleGroup>(group)};
  }

  // What a watched release shows of that rule.
  void watch(Verdict verdict, std::optional<Outcome> outcome) {
    auto& view = *host.guard.view;
    view.group = "shop";
    view.rules.resize(1);
    auto& shown = view.rules[0];
    shown.slo = "error_rate";
    shown.verdict = verdict;
    shown.outcome = outcome;
    shown.read_at.reset();
    if (outcome) shown.read_at = host.clock.now().wall;
    shown.explanation = "what came of it";
  }

  Host host{with_tokens()};
  Client client{host};
};

TEST_F(StatusApi, IsForWhoMayReadAndTheConfigurationForOperators) {
  for (const auto* path : {"/api/v1/status/buildinfo", "/api/v1/status/flags", "/api/v1/status/runtimeinfo",
                           "/api/v1/rules", "/api/v1/openapi.yaml"}) {
    EXPECT_EQ(Client(host).ask(get(path)).status, 401) << path;
    EXPECT_EQ(Client(host).ask(get(path, "alerts")).status, 403) << path;
    EXPECT_EQ(client.ask(get(path, "reader")).status, 200) << path;
  }
  EXPECT_EQ(Client(host).ask(get("/api/v1/status/config", "reader")).status, 403);
  EXPECT_EQ(client.ask(get("/api/v1/status/config", "operator")).status, 200);
}

TEST_F(StatusApi, SaysWhichProgramThisIs) {
  EXPECT_EQ(data("/api/v1/status/buildinfo"),
            (json::value{
                {"version", "0.1.0-test"}, {"revision", "abc"}, {"buildDate", "2026-01-31"}, {"compiler", "GCC 12"}}));
}

TEST_F(StatusApi, ShowsTheFlags) {
  EXPECT_EQ(data("/api/v1/status/flags"), (json::value{{"config.file", "guard.yml"}, {"storage.retention", "90d"}}));
}

TEST_F(StatusApi, SaysHowItRuns) {
  host.guard.condition.configured_at = WallTime{1769860860s};
  const auto told = data("/api/v1/status/runtimeinfo").as_object();
  EXPECT_EQ(told.at("startTime"), "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(told.at("CWD"), "/var/lib/guard");
  EXPECT_EQ(told.at("hostname"), "web-7");
  EXPECT_EQ(told.at("storageRetention"), "90d");
  EXPECT_EQ(told.at("lastConfigTime"), "2026-01-31T12:01:00.000Z");
  EXPECT_EQ(told.at("reloadConfigSuccess"), true);
  host.guard.condition.reload_failed = true;
  EXPECT_EQ(data("/api/v1/status/runtimeinfo").at("reloadConfigSuccess"), false);
}

TEST_F(StatusApi, ShowsTheConfigurationAsItMayBeShown) {
  host.guard.configuration->shown = "rule_files:\n  - a.yml\n";
  EXPECT_EQ(data("/api/v1/status/config", "operator").at("yaml"), "rule_files:\n  - a.yml\n");
}

TEST_F(StatusApi, TakesNoParameterThatItDoesNotKnow) {
  EXPECT_EQ(client.ask(get("/api/v1/status/flags?name=x", "reader")).status, 400);
  EXPECT_EQ(client.ask(get("/api/v1/rules?colour=red", "reader")).status, 400);
  EXPECT_EQ(client.ask(get("/api/v1/rules?type=other", "reader")).status, 400);
}

TEST_F(StatusApi, ServesItsOwnDescriptionAsItStands) {
  const auto answer = client.ask(get("/api/v1/openapi.yaml", "reader"));
  EXPECT_EQ(answer.headers.at("content-type"), "application/yaml");
  EXPECT_EQ(answer.body, *read_file(SOURCE_DIR "/guard/api/openapi.yaml"));
}

TEST_F(StatusApi, ARuleThatNoReleaseHasReadIsOfUnknownHealth) {
  configure();
  host.guard.view->rules.clear();
  const auto group = groups().at(0).as_object();
  EXPECT_EQ(group.at("name"), "shop");
  EXPECT_EQ(group.at("file"), "rules/shop.yml");
  EXPECT_EQ(group.at("interval").to_number<double>(), 15);
  const auto told = rule();
  EXPECT_EQ(told.at("type"), "alerting");
  EXPECT_EQ(told.at("name"), "error_rate");
  EXPECT_EQ(told.at("query"), R"(errors{service="{{ service }}"})");
  EXPECT_EQ(told.at("duration").to_number<double>(), 300);
  EXPECT_EQ(told.at("annotations").at("objective"), "< 1%");
  EXPECT_EQ(told.at("labels").at("action"), "rollback");
  EXPECT_EQ(told.at("state"), "inactive");
  EXPECT_EQ(told.at("health"), "unknown");
  EXPECT_FALSE(told.contains("lastEvaluation"));
  EXPECT_FALSE(told.contains("lastError"));
  EXPECT_TRUE(host.guard.filters.at(0).open_only);
}

TEST_F(StatusApi, AnObjectiveThatHoldsIsInactive) {
  configure();
  watch(Verdict::ok, Outcome::ok);
  const auto told = rule();
  EXPECT_EQ(told.at("state"), "inactive");
  EXPECT_EQ(told.at("health"), "ok");
  EXPECT_EQ(told.at("lastEvaluation"), format_time(host.clock.now().wall).c_str());
  EXPECT_TRUE(told.at("alerts").as_array().empty());
}

TEST_F(StatusApi, EachReleaseThatBreaksAnObjectiveIsAnAlert) {
  configure();
  watch(Verdict::breached, Outcome::breach);
  host.guard.view->rules[0].value = 0.25;
  const auto told = rule();
  EXPECT_EQ(told.at("state"), "firing");
  EXPECT_EQ(told.at("health"), "ok");
  const auto alert = told.at("alerts").at(0).as_object();
  EXPECT_EQ(alert.at("state"), "firing");
  EXPECT_EQ(alert.at("value"), "0.25");
  EXPECT_EQ(alert.at("labels").at("alertname"), "error_rate");
  EXPECT_EQ(alert.at("labels").at("service"), host.guard.view->spec.service.c_str());
  EXPECT_EQ(alert.at("labels").at("release"), host.guard.view->spec.id.c_str());
  EXPECT_TRUE(rule("?exclude_alerts=true").at("alerts").as_array().empty());
}

TEST_F(StatusApi, OneThatMayBecomeABreachIsPending) {
  configure();
  watch(Verdict::pending, Outcome::breach);
  EXPECT_EQ(rule().at("state"), "pending");
  EXPECT_EQ(rule().at("alerts").at(0).at("state"), "pending");
}

TEST_F(StatusApi, WhatCouldNotBeReadIsNotWell) {
  configure();
  for (const auto outcome : {Outcome::error, Outcome::no_data}) {
    watch(Verdict::unknown, outcome);
    EXPECT_EQ(rule().at("health"), "err");
    EXPECT_EQ(rule().at("lastError"), "what came of it");
    EXPECT_EQ(rule().at("state"), "inactive");
  }
}

TEST_F(StatusApi, RulesCanBeChosenAsInPrometheus) {
  configure();
  EXPECT_EQ(groups("?rule_group%5B%5D=shop&type=alert").size(), 1U);
  EXPECT_EQ(groups("?rule_group%5B%5D=other").size(), 0U);
  EXPECT_EQ(groups("?rule_name%5B%5D=error_rate").size(), 1U);
  EXPECT_EQ(groups("?rule_name%5B%5D=other").size(), 0U);
  EXPECT_EQ(groups("?rule_name[]=other&rule_name[]=error_rate").size(), 1U) << "Grafana and mimirtool repeat them";
  EXPECT_EQ(groups("?file%5B%5D=rules/shop.yml").size(), 1U);
  EXPECT_EQ(groups("?file%5B%5D=other").size(), 0U);
  EXPECT_EQ(groups("?type=record").size(), 0U);
}

TEST_F(StatusApi, MetricsComeInTheFormThatIsAskedFor) {
  Request request{"GET", "/metrics", {{"Accept", "application/openmetrics-text; version=1.0.0"}}, "", "reader"};
  const auto open = client.ask(request.bytes());
  EXPECT_EQ(open.headers.at("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_EQ(open.body, "up 1\n# EOF\n");
  EXPECT_EQ(open.headers.count("content-encoding"), 0U);
  request.headers = {{"Accept-Encoding", "gzip"}};
  const auto packed = client.ask(request.bytes());
  EXPECT_EQ(packed.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(packed.headers.at("vary"), "Accept, Accept-Encoding");
}

}  // namespace
}  // namespace guard::test
