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
  // What was asked for, as far as it is what probes and scrapes ask for.
  void probed(const std::string& metric, const std::string& name, const std::vector<std::string>& paths) {
    past_.any_like[fmt::format("count by ({0}) ({1}{{job=\"shop\",{0}=~", name, metric)] = [=](WallTime) {
      return each_of(name, paths);
    };
  }
  // Of how many requests of a week were as quick, by bound.
  void histogram(const std::string& metric, const std::map<std::string, double>& counts, const std::string& more = "") {
    past_.worth[fmt::format("sum by (le) (increase({}_bucket{{job=\"shop\"{}}}[1w]))", metric, more)] =
        [counts](WallTime) {
          std::vector<model::Sample> out;
          for (const auto& [le, count] : counts) out.push_back({{{"le", le}}, count, {}});
          return out;
        };
  }
  // Containers that cAdvisor names in this label, of which the job's use as much of their limit, and of the CPU.
  void containers(const std::string& label, const std::vector<std::string>& names, double used) {
    past_.worth[fmt::format("count by ({0}) (max_over_time(container_memory_working_set_bytes{{{0}!=\"\"}}[1w:1h]))",
                            label)] = [=](WallTime) { return each_of(label, names); };
    past_.any_like["quantile_over_time(0.99, (max(container_memory_working_set_bytes"] = [used](WallTime) {
      return one(used);
    };
    past_.any_like["quantile_over_time(0.99, (max(sum by (instance, " + label] = [used](WallTime) { return one(used); };
  }
  void cadvisor(const std::string& job) {
    past_.worth["count by (job) (container_memory_working_set_bytes)"] = [=](WallTime) {
      return one(9, {{"job", job}});
    };
  }
  void machines(const std::string& job, double number) {
    past_.worth["count by (job) (node_memory_MemTotal_bytes)"] = [=](WallTime) { return one(number, {{"job", job}}); };
  }
  void serves() {
    exports("shop", {"http_requests_total"});
    has_label("http_requests_total", "status");
  }
  std::vector<Proposal> run(const std::string& service = "") {
    auto out = propose(past_, {service, live, 1s});
    EXPECT_TRUE(out) << out.error().message;
    return *out;
  }
  static std::vector<model::Sample> each_of(const std::string& label, const std::vector<std::string>& values) {
    std::vector<model::Sample> out;
    for (const auto& value : values) out.push_back({{{label, value}}, 1, {}});
    return out;
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

TEST_F(Proposing, WhatProbesAndScrapesAskForIsLeftOutOfWhatIsCounted) {
  serves();
  probed("http_requests_total", "handler", {"/health", "/metrics"});
  const auto found = run();
  const std::string users = R"(http_requests_total{job="shop",handler!~"/health|/metrics")";
  EXPECT_THAT(yaml(found[0], "error_rate"), HasSubstr("bad: " + users + R"(,status=~"5..|5xx"})"));
  EXPECT_THAT(yaml(found[0], "error_rate"), HasSubstr("total: " + users + "}"));
  EXPECT_THAT(yaml(found[0], "traffic"), HasSubstr("count: " + users + "}"));
  EXPECT_THAT(found[0].rules[0].words, HasSubstr("/health and /metrics left out"));
}

TEST_F(Proposing, APathIsLeftOutAsItIsWrittenAndNothingElse) {
  serves();
  probed("http_requests_total", "uri", {R"(/health/a.b"c)", "/ready"});
  EXPECT_THAT(yaml(run()[0], "error_rate"), HasSubstr(R"(uri!~"/health/a[.]b.c|/ready")"));
}

TEST_F(Proposing, ThePortThatIsScrapedIsNoPath) {
  serves();
  probed("http_requests_total", "endpoint", {"metrics"});
  EXPECT_THAT(yaml(run()[0], "error_rate"), testing::Not(HasSubstr("endpoint")));
  probed("http_requests_total", "endpoint", {"metrics", "/metrics"});
  EXPECT_THAT(yaml(run()[0], "error_rate"), HasSubstr(R"(endpoint!~"/metrics")"));
}

TEST_F(Proposing, WhatProbesAskForIsLeftOutOfLatencyWhereItCanBe) {
  exports("shop", {"http_requests_total", "http_request_duration_seconds_bucket"});
  has_label("http_requests_total", "status");
  probed("http_requests_total", "handler", {"/health"});
  probed("http_request_duration_seconds_bucket", "handler", {"/health"});
  histogram("http_request_duration_seconds", {{"1", 1000}, {"+Inf", 1000}}, R"(,handler!~"/health")");
  EXPECT_THAT(yaml(run()[0], "latency_p95"),
              HasSubstr(R"(total: http_request_duration_seconds_count{job="shop",handler!~"/health"})"));
}

TEST_F(Proposing, AHistogramThatCannotTellThemApartSaysThatTheyAreInIt) {
  exports("shop", {"http_requests_total", "http_request_duration_highr_seconds_bucket"});
  has_label("http_requests_total", "status");
  probed("http_requests_total", "handler", {"/health"});
  histogram("http_request_duration_highr_seconds", {{"2", 1000}, {"+Inf", 1000}});
  EXPECT_THAT(run()[0].rules[1].words, HasSubstr("health checks among them"));
}

TEST_F(Proposing, TheContainersNamedMostLikeTheJobAreHeldAgainstTheirLimits) {
  jobs({"shop-backend"});
  exports("shop-backend", {"http_requests_total"});
  past_.worth[R"(count by (status) (http_requests_total{job="shop-backend",status!=""}))"] = [](WallTime) {
    return one(1, {{"status", "2xx"}});
  };
  containers("name", {"shop-prod-backend", "shop-prod-redis", "caddy"}, 0.4);
  const auto found = run();
  EXPECT_THAT(yaml(found[0], "container_memory"),
              HasSubstr(R"(container_memory_working_set_bytes{name=~"shop-prod-backend"} / )"
                        R"((container_spec_memory_limit_bytes{name=~"shop-prod-backend"} > 0))"));
  EXPECT_THAT(yaml(found[0], "container_cpu"), HasSubstr("machine_cpu_cores"));
  EXPECT_THAT(yaml(found[0], "container_cpu"), HasSubstr("action: warn"));
}

TEST_F(Proposing, AContainerWithAQuotaIsHeldAgainstThat) {
  serves();
  containers("container", {"shop"}, 0.4);
  past_.worth[R"(count(container_spec_cpu_quota{container=~"shop"} > 0))"] = [](WallTime) { return one(1); };
  EXPECT_THAT(yaml(run()[0], "container_cpu"), HasSubstr("container_spec_cpu_quota"));
}

TEST_F(Proposing, ContainersOfOthersAreNoneOfTheJob) {
  serves();
  containers("name", {"redis", "caddy"}, 0.4);
  const auto found = run();
  EXPECT_EQ(yaml(found[0], "container_memory"), "");
  EXPECT_THAT(found[0].missing,
              Contains(HasSubstr("none of the 2 that cAdvisor knows is named like shop: caddy, redis")));
}

TEST_F(Proposing, WhereOnlyContainersAreKnownAnyThatIsFullIsAReasonToLook) {
  jobs({"cadvisor", "node"});
  cadvisor("cadvisor");
  containers("name", {"shop-prod-backend", "redis"}, 0.4);
  const auto found = run();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(yaml(found[0], "container_memory"), HasSubstr(R"(container_memory_working_set_bytes{name!~"POD|"} / )"));
  for (const auto& rule : found[0].rules) EXPECT_THAT(rule.yaml, HasSubstr("action: warn"));
  EXPECT_EQ(found[0].rules.size(), 3U);
  EXPECT_THAT(found[0].missing, Contains(HasSubstr("2 are known, and no job says which of them are its own")));
  EXPECT_THAT(found[0].missing, Contains(HasSubstr("no counter of requests")));
  EXPECT_EQ(yaml(found[1], "container_memory"), "") << "node_exporter tells of none";
}

TEST_F(Proposing, WithoutLimitsItSaysSoOfAllContainers) {
  jobs({"kubelet"});
  cadvisor("kubelet");
  past_.worth[R"(count by (container) (max_over_time(container_memory_working_set_bytes{container!=""}[1w:1h])))"] =
      [](WallTime) { return each_of("container", {"shop"}); };
  const auto found = run();
  EXPECT_EQ(yaml(found[0], "container_memory"), "");
  EXPECT_THAT(found[0].missing, Contains("container memory: none has a limit that cAdvisor tells of"));
}

TEST_F(Proposing, AJobThatServesNothingStillHasItsContainers) {
  jobs({"cadvisor", "shop-worker"});
  cadvisor("cadvisor");
  containers("name", {"shop-worker-1", "redis"}, 0.4);
  const auto found = run();
  EXPECT_THAT(yaml(found[1], "container_memory"), HasSubstr(R"({name=~"shop-worker-1"})"));
  EXPECT_THAT(yaml(found[1], "container_memory"), HasSubstr("action: ask"));
}

TEST_F(Proposing, CopiesOnOneMachineAreHeldAgainstTheLimitOfEach) {
  serves();
  containers("container", {"shop"}, 0.4);
  EXPECT_THAT(yaml(run()[0], "container_cpu"), HasSubstr("sum by (instance, container, namespace, pod) (rate("));
}

TEST_F(Proposing, AContainerIsFoundByTheLabelThatNamesIt) {
  serves();
  containers("container", {"cadvisor"}, 0.4);
  containers("name", {"shop-1"}, 0.4);
  EXPECT_THAT(yaml(run()[0], "container_memory"), HasSubstr(R"({name=~"shop-1"})"));
}

TEST_F(Proposing, AContainerThatIsFullAlreadyGivesNoRuleThatIsBrokenFromTheStart) {
  serves();
  containers("name", {"shop"}, 0.95);
  const auto found = run();
  EXPECT_EQ(yaml(found[0], "container_memory"), "");
  EXPECT_THAT(found[0].missing, Contains(HasSubstr("container memory: shop used 95% of it")));
}

TEST_F(Proposing, AMachineIsAReasonToLookAndNotToRollBack) {
  serves();
  machines("node", 1);
  const auto found = run();
  EXPECT_THAT(yaml(found[0], "cpu"), HasSubstr("action: warn"));
  EXPECT_THAT(yaml(found[0], "memory"), HasSubstr("action: warn"));
  EXPECT_THAT(yaml(found[0], "memory"), HasSubstr(R"(node_memory_MemTotal_bytes{job="node"})"));
}

TEST_F(Proposing, OfSeveralMachinesNoneIsTakenForTheServices) {
  serves();
  machines("node", 7);
  const auto found = run();
  EXPECT_EQ(yaml(found[0], "cpu"), "");
  EXPECT_THAT(found[0].missing, Contains(HasSubstr("nothing says which shop runs on")));
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
  probed("http_requests_total", "handler", {"/health", "/-/ready"});
  containers("name", {"shop"}, 0.4);
  const auto loaded = config::parse_rules(rule_file(run()), "proposed");
  ASSERT_TRUE(loaded.value) << config::format(loaded.diagnostics);
  EXPECT_EQ(loaded.value->front()->rules.size(), 9U);
  EXPECT_TRUE(loaded.diagnostics.items.empty()) << config::format(loaded.diagnostics);
}

TEST_F(Proposing, AServerThatDoesNotAnswerIsAnError) {
  past_.failing = WallTime{};
  EXPECT_FALSE(propose(past_, {"", live, 1s}));
}

}  // namespace
}  // namespace guard::replay
