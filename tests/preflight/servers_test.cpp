// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/servers.hpp"

#include "tests/preflight/looking.hpp"
#include "tests/support/fake_server.hpp"

namespace guard::preflight {
namespace {

// Answers as a Prometheus whose `up` is what a test says.
class PreflightServers : public Looking {
 protected:
  PreflightServers() {
    watched_by(replay::error_rate);
    http::ClientSettings settings;
    settings.url = server_.url();
    means_.prometheus = std::make_shared<metrics::PrometheusClient>(*http::Client::make(settings, clock_),
                                                                    metrics::PrometheusClient::Options{}, clock_);
    means_.prometheus_address = server_.url();
    up({1, 1});
  }
  void up(const std::vector<double>& values) {
    past_->worth["up"] = [values](WallTime) {
      std::vector<model::Sample> out;
      for (std::size_t i = 0; i < values.size(); ++i)
        out.push_back({{{"job", "shop"}, {"instance", "i" + std::to_string(i)}}, values[i], {}});
      return out;
    };
  }
  test::Answered answer(const test::Asked& asked) const {
    if (asked.target == "/api/v1/alertmanagers") return {alertmanagers_.empty() ? 404 : 200, alertmanagers_};
    return {200, R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}})"};
  }

  std::string alertmanagers_ =
      R"({"status":"success","data":{"activeAlertmanagers":[{"url":"http://am:9093/api/v2/alerts"}]}})";
  test::FakeServer server_{[this](const auto& asked) { return answer(asked); }};
};

TEST_F(PreflightServers, AllThatAnswersHasPassed) {
  const auto checks = look_at_servers(situation_, means_);
  EXPECT_EQ(named(checks, "prometheus").state, CheckState::passed);
  EXPECT_EQ(named(checks, "targets").seen, "all 2 are up");
  EXPECT_THAT(named(checks, "alert_delivery").seen, HasSubstr("http://am:9093"));
}

TEST_F(PreflightServers, ATargetThatIsDownIsNamed) {
  up({1, 0});
  const auto check = named(look_at_servers(situation_, means_), "targets");
  EXPECT_EQ(check.state, CheckState::failed);
  EXPECT_EQ(check.seen, "1 of 2 are down: shop i1");
}

TEST_F(PreflightServers, NoTargetsAreNoGoodTargets) {
  up({});
  EXPECT_EQ(named(look_at_servers(situation_, means_), "targets").state, CheckState::failed);
}

TEST_F(PreflightServers, APrometheusThatSendsItsAlertsNowhereHasFailed) {
  alertmanagers_ = R"({"status":"success","data":{"activeAlertmanagers":[],"droppedAlertmanagers":[]}})";
  EXPECT_EQ(named(look_at_servers(situation_, means_), "alert_delivery").state, CheckState::failed);
}

TEST_F(PreflightServers, WhereItDoesNotTellNobodyKnows) {
  alertmanagers_ = "";
  EXPECT_EQ(named(look_at_servers(situation_, means_), "alert_delivery").state, CheckState::unknown);
}

TEST_F(PreflightServers, WhatDoesNotAnswerIsTheOnlyThingSaidOfIt) {
  http::ClientSettings nobody;
  nobody.url = "http://127.0.0.1:1";
  means_.prometheus = std::make_shared<metrics::PrometheusClient>(*http::Client::make(nobody, clock_),
                                                                  metrics::PrometheusClient::Options{}, clock_);
  const auto checks = look_at_servers(situation_, means_);
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks[0].state, CheckState::failed);
  EXPECT_THAT(checks[0].seen, HasSubstr("refused"));
}

TEST(TargetsQuery, AsksForTheJobsThatTheExpressionsName) {
  EXPECT_EQ(targets_query({R"(sum(rate(a{job="x",b="c"}[5m])) / sum(rate(a{job=~"x|y"}[5m])))"}),
            R"(up{job="x"} or up{job=~"x|y"})");
}

TEST(TargetsQuery, AsksForAllWhereOneNamesNone) {
  EXPECT_EQ(targets_query({R"(a{job="x"})", "b"}), "up");
  EXPECT_EQ(targets_query({}), "up");
}

}  // namespace
}  // namespace guard::preflight
