// SPDX-License-Identifier: Apache-2.0
//
// What is in force, as people may read it; and that none of it is a secret.
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/api/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr const char* path = "/api/v1/in_force";

config::HookSettings command_hook() {
  config::CommandHook command;
  command.argv = {*promql::TextTemplate::parse("./undo.sh", promql::TemplateKind::argument),
                  *promql::TextTemplate::parse("--token=the-secret", promql::TemplateKind::argument)};
  command.dir = "/opt/the-secret";
  command.environment = {"the-secret"};
  command.timeout = 10min;
  config::HookSettings hook{"undo", command, {}, {}};
  hook.retry.deadline = 30min;
  return hook;
}

config::HookSettings http_hook() {
  config::HttpHook http;
  http.http.url = "https://deploy.example/the-secret?key=the-secret";
  http.http.headers = {{"X-Key", "the-secret"}};
  http.secret = Secret("the-secret");
  http.timeout = 2min;
  return {"api", http, {}, {}};
}

class InForceApi : public testing::Test {
 protected:
  json::object asked() {
    const auto answer = client.ask(get(path, "reader"));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body)->as_object();
  }

  static Host::Setup with_tokens() {
    Host::Setup setup;
    setup.tokens = {token("reader", config::Role::read), token("alerts", config::Role::alerts)};
    return setup;
  }

  Host host{with_tokens()};
  Client client{host};
  config::Settings& settings = *host.guard.configuration;
};

TEST_F(InForceApi, NeedsRoleRead) {
  EXPECT_EQ(Client(host).ask(get(path)).status, 401);
  EXPECT_EQ(Client(host).ask(get(path, "alerts")).status, 403);
  EXPECT_EQ(Client(host).ask(get(path, "reader")).status, 200);
}

TEST_F(InForceApi, TellsOfHooksOnlyNamesAndKinds) {
  settings.hooks = {command_hook(), http_hook()};
  settings.prometheus.emplace();
  settings.prometheus->http.headers = {{"X-Scope", "the-secret"}};
  settings.tokens = {token("the-secret", config::Role::read)};
  settings.brakes.kill_switch_file = "/run/the-secret";
  const auto answer = client.ask(get(path, "reader"));
  EXPECT_THAT(answer.body,
              AllOf(Not(HasSubstr("the-secret")), Not(HasSubstr("undo.sh")), Not(HasSubstr("deploy.example"))));
  const auto hooks = parse_json(answer.body)->at("hooks").as_array();
  EXPECT_EQ(hooks.at(0).at("name"), "undo");
  EXPECT_EQ(hooks.at(0).at("kind"), "command");
  EXPECT_EQ(hooks.at(0).at("deadline_seconds").to_number<double>(), 1800);
  EXPECT_EQ(hooks.at(1).at("kind"), "http");
  EXPECT_EQ(hooks.at(1).at("timeout_seconds").to_number<double>(), 120);
}

TEST_F(InForceApi, TellsOfReceiversWhoTheyAreAndOfWhatTheyAreTold) {
  auto& receiver = settings.receivers.emplace_back();
  receiver.name = "team";
  receiver.kind = config::ReceiverKind::slack;
  receiver.http.url = "https://hooks.example/the-secret";
  receiver.http.headers = {{"X-Key", "the-secret"}};
  receiver.match = {*model::Matcher::parse("severity=\"critical\"")};
  receiver.send_resolved = false;
  receiver.repeat_interval = 4h;
  const auto answer = client.ask(get(path, "reader"));
  EXPECT_THAT(answer.body, AllOf(Not(HasSubstr("the-secret")), Not(HasSubstr("hooks.example"))));
  const json::value expected{{"name", "team"},
                             {"kind", "slack"},
                             {"match", json::array{"severity=\"critical\""}},
                             {"send_resolved", false},
                             {"repeat_interval_seconds", 14400.0}};
  EXPECT_EQ(parse_json(answer.body)->at("receivers"), json::value(json::array{expected}));
}

TEST_F(InForceApi, TellsWhereItListens) {
  const auto told = asked().at("listening");
  EXPECT_EQ(told.at("addresses"), json::value(json::array{host.server->addresses().at(0)}));
  EXPECT_EQ(told.at("path"), "/");
  EXPECT_FALSE(told.at("tls").as_bool());
  EXPECT_FALSE(told.at("web_config_file").as_bool());
}

TEST_F(InForceApi, TellsEveryRuleWithItsObjectiveAndWhatABreachLeadsTo) {
  model::RuleGroup group;
  group.name = "shop-production";
  group.window = 60s;
  group.rollback.mode = model::Mode::enforce;
  auto& rule = group.rules.emplace_back();
  rule.slo = "error_rate";
  rule.objective = {model::Comparison::less, 0.01, model::Unit::ratio, false};
  rule.breach = {0s, 3, 5};
  settings.groups = {std::make_shared<const model::RuleGroup>(group)};
  const auto told = asked().at("groups").at(0);
  EXPECT_EQ(told.at("name"), group.name.c_str());
  EXPECT_EQ(told.at("mode"), "enforce");
  EXPECT_EQ(told.at("window_seconds").to_number<double>(), 60);
  const auto& shown = told.at("rules").at(0);
  EXPECT_EQ(shown.at("slo"), "error_rate");
  EXPECT_EQ(shown.at("objective"), "< 1%");
  EXPECT_EQ(shown.at("breach"), "3 of 5 readings");
  EXPECT_EQ(shown.at("action"), "rollback");
}

TEST_F(InForceApi, TellsWhatHoldsBackNowAndSoon) {
  const auto now = host.clock.now().wall;
  const auto freeze = [&](Duration from, Duration until, const char* reason) {
    return model::Freeze{{}, "", {}, {now + from, now + until}, {model::ReleaseKind::hotfix}, reason, ""};
  };
  host.guard.frozen = {freeze(-1h, 1h, "the sale"), freeze(1h, 2h, "the holiday")};
  settings.brakes.breaker_services = 3;
  settings.brakes.breaker_within = 10min;
  host.guard.condition.in_force.kill_switch = true;
  host.guard.condition.problems = {"the last reload failed"};
  const auto told = asked();
  EXPECT_TRUE(told.at("kill_switch").as_bool());
  EXPECT_EQ(told.at("problems").at(0), "the last reload failed");
  EXPECT_EQ(told.at("brakes").at("breaker_within_seconds").to_number<double>(), 600);
  ASSERT_EQ(told.at("freezes").as_array().size(), 2U);
  EXPECT_EQ(told.at("freezes").at(0).at("reason"), "the sale");
  EXPECT_TRUE(told.at("freezes").at(0).at("begun").as_bool());
  EXPECT_FALSE(told.at("freezes").at(1).at("begun").as_bool());
}

TEST_F(InForceApi, TellsVersionAndWhoAnswers) {
  host.guard.reached = engine::Reached{
      {{"http://127.0.0.1:9090", ""}}, {{"http://127.0.0.1:9093", "connection refused"}}, host.clock.now().wall};
  const auto told = asked();
  EXPECT_EQ(told.at("version"), "0.1.0-test");
  EXPECT_EQ(told.at("prometheus").at(0).at("problem"), "");
  EXPECT_EQ(told.at("alertmanagers").at(0).at("address"), "http://127.0.0.1:9093");
  EXPECT_EQ(told.at("alertmanagers").at(0).at("problem"), "connection refused");
}

}  // namespace
}  // namespace guard::test
