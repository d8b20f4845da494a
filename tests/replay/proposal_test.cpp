// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/proposal.hpp"

#include "tests/replay/past.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::replay {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Proposing : public testing::Test {
 protected:
  Proposing() { jobs({"shop"}); }

  void jobs(const std::vector<std::string>& names) {
    past_.worth["count by (job) (up)"] = [names](WallTime) {
      std::vector<model::Sample> out;
      for (const auto& name : names) out.push_back({{{"job", name}}, 1, {}});
      return out;
    };
  }
  void exports(const std::string& job, const std::vector<std::string>& names) {
    past_.worth[fmt::format("count by (__name__) ({{job=\"{}\"}})", job)] = [names](WallTime) {
      std::vector<model::Sample> out;
      for (const auto& name : names) out.push_back({{{"__name__", name}}, 1, {}});
      return out;
    };
  }
  void has_label(const std::string& metric, const std::string& name) {
    past_.worth[fmt::format("count by ({0}) ({1}{{job=\"shop\",{0}!=\"\"}})", name, metric)] = [name](WallTime) {
      return one(3, {{name, "200"}});
    };
  }
  // Of how many requests of a week were as quick, by bound.
  void histogram(const std::string& metric, const std::map<std::string, double>& counts) {
    past_.worth[fmt::format("sum by (le) (increase({}_bucket{{job=\"shop\"}}[1w]))", metric)] = [counts](WallTime) {
      std::vector<model::Sample> out;
      for (const auto& [le, count] : counts) out.push_back({{{"le", le}}, count, {}});
      return out;
    };
  }
  std::vector<Proposal> run(const std::string& service = "") {
    auto out = propose(past_, {service, live, 1s});
    EXPECT_TRUE(out) << out.error().message;
    return *out;
  }
  static std::string yaml(const Proposal& proposal, const std::string& slo) {
    for (const auto& rule : proposal.rules)
      if (rule.slo == slo) return rule.yaml;
    return "";
  }

  Past past_;
};

TEST_F(Proposing, TheCounterThatTellsHowRequestsEndGivesAShareOfFailures) {
  exports("shop", {"http_requests_total", "up"});
  has_label("http_requests_total", "code");
  const auto found = run();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].serves);
  EXPECT_THAT(yaml(found[0], "error_rate"), HasSubstr(R"(bad: http_requests_total{job="shop",code=~"5..|5xx"})"));
  EXPECT_THAT(yaml(found[0], "traffic"), HasSubstr("of baseline"));
}

TEST_F(Proposing, WithoutSuchALabelItSaysWhichWouldDo) {
  exports("shop", {"http_requests_total"});
  const auto found = run();
  EXPECT_EQ(yaml(found[0], "error_rate"), "");
  EXPECT_THAT(found[0].missing, Contains(HasSubstr("http_requests_total has no label that tells how requests ended")));
  EXPECT_NE(yaml(found[0], "traffic"), "");
}

TEST_F(Proposing, TheSmallestBoundThatNearlyAllKeptIsTheThreshold) {
  exports("shop", {"http_request_duration_seconds_bucket"});
  histogram("http_request_duration_seconds", {{"0.5", 900}, {"1.0", 995}, {"2.5", 999}, {"+Inf", 1000}});
  EXPECT_THAT(yaml(run()[0], "latency_p95"),
              HasSubstr(R"(good: http_request_duration_seconds_bucket{job="shop",le="1.0"})"));
}

TEST_F(Proposing, AHistogramThatEndsTooEarlyGivesNoRuleThatCouldNotBreak) {
  exports("shop", {"http_request_duration_seconds_bucket"});
  histogram("http_request_duration_seconds", {{"0.1", 500}, {"1", 900}, {"+Inf", 1000}});
  const auto found = run();
  EXPECT_EQ(yaml(found[0], "latency_p95"), "");
  EXPECT_THAT(found[0].missing, Contains(HasSubstr("slower than its largest bound")));
}

TEST_F(Proposing, TheHistogramWithTheFinerBoundsIsTakenFirst) {
  exports("shop", {"http_request_duration_seconds_bucket", "http_request_duration_highr_seconds_bucket"});
  histogram("http_request_duration_seconds", {{"1", 1000}, {"+Inf", 1000}});
  histogram("http_request_duration_highr_seconds", {{"2", 1000}, {"+Inf", 1000}});
  EXPECT_THAT(yaml(run()[0], "latency_p95"), HasSubstr("highr"));
}

TEST_F(Proposing, AQueueMayHoldTwiceWhatIsUsual) {
  exports("shop", {"rq_jobs_in_queue"});
  past_.worth[R"(quantile_over_time(0.99, max(rq_jobs_in_queue{job="shop"})[1w:5m]))"] = [](WallTime) {
    return one(30);
  };
  EXPECT_THAT(yaml(run()[0], "queue_depth"), HasSubstr("objective: \"< 60\""));
}

TEST_F(Proposing, WhatServesRequestsIsProposedAndNotWhatOnlyMeasures) {
  jobs({"node", "prometheus", "shop"});
  exports("shop", {"http_requests_total"});
  has_label("http_requests_total", "status");
  const auto found = run();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].job, "shop");
}

TEST_F(Proposing, AServiceIsItsJobsAndThoseThatBeginWithItsName) {
  jobs({"shop", "shop-worker", "bank"});
  std::vector<std::string> names;
  for (const auto& proposal : run("shop")) names.push_back(proposal.job);
  EXPECT_EQ(names, (std::vector<std::string>{"shop", "shop-worker"}));
}

TEST_F(Proposing, TheRuleFileIsOneThatCanBeRead) {
  exports("shop", {"http_requests_total", "http_request_duration_seconds_bucket", "rq_jobs_in_queue",
                   "node_cpu_seconds_total", "node_memory_MemAvailable_bytes"});
  has_label("http_requests_total", "status");
  histogram("http_request_duration_seconds", {{"1", 1000}, {"+Inf", 1000}});
  const auto loaded = config::parse_rules(rule_file(run()), "proposed");
  ASSERT_TRUE(loaded.value) << config::format(loaded.diagnostics);
  EXPECT_EQ(loaded.value->front()->rules.size(), 7U);
  EXPECT_TRUE(loaded.diagnostics.items.empty()) << config::format(loaded.diagnostics);
}

TEST_F(Proposing, AServerThatDoesNotAnswerIsAnError) {
  past_.failing = WallTime{};
  EXPECT_FALSE(propose(past_, {"", live, 1s}));
}

}  // namespace
}  // namespace guard::replay
