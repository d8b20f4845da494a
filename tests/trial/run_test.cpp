// SPDX-License-Identifier: Apache-2.0
//
// Tests that give their values themselves, and what is said where something else comes of them than they expect.
#include "guard/trial/run.hpp"

#include "guard/config/diagnostics.hpp"
#include "guard/trial/test_parser.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::trial {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Holds what it is given to store, and answers every question with the same value.
class OneValueServer final : public SeriesServer, public metrics::MetricsSource {
 public:
  OneValueServer(std::vector<Series>& stored, double value) : stored_(stored), value_(value) {}
  Result<void> store(const std::vector<Series>& series, Duration) override {
    stored_ = series;
    return {};
  }
  metrics::MetricsSource& metrics() override { return *this; }

  model::Samples query(const metrics::InstantQuery& query) override {
    return std::vector<model::Sample>{{{}, value_, query.at}};
  }
  model::Samples query_raw(const metrics::InstantQuery&) override { return std::vector<model::Sample>{}; }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    std::vector<model::Sample> out;
    for (auto at = query.from; at <= query.to; at += query.step) out.push_back({{}, value_, at});
    return out;
  }

 private:
  std::vector<Series>& stored_;
  double value_;
};

class Trial : public testing::Test {
 protected:
  // The first test of a file whose rules are those of tests/testdata/config/tests/rules/shop.yml. `body` follows its
  // name; there is one line before it for each of the file's own.
  static trial::Test test_of(const std::string& body) {
    const auto text = fmt::format(
        "rule_files: [rules/shop.yml]\ninterval: 10s\n"
        "release: {{ service: shop, environment: production, version: '2', previous_version: '1', live: 10m }}\n"
        "tests:\n  - name: one\n{}",
        body);
    auto loaded = parse_tests(text, std::string(TESTDATA_DIR) + "/config/tests/shop.test.yml");
    EXPECT_TRUE(loaded.value) << config::format(loaded.diagnostics);
    return loaded.value ? loaded.value->front() : trial::Test{};
  }

  Result<std::vector<config::Diagnostic>> run(const std::string& body) { return trial::run(test_of(body), around_); }

  // "line: message" of each difference.
  std::vector<std::string> differences(const std::string& body) {
    std::vector<std::string> out;
    const auto found = run(body);
    EXPECT_TRUE(found) << found.error().message;
    if (found)
      for (const auto& one : *found) out.push_back(fmt::format("{}:{}: {}", one.line, one.column, one.message));
    return out;
  }

  std::vector<Series> stored_;
  double answer_ = 1;
  Surroundings around_{
      [this]() -> Result<std::unique_ptr<SeriesServer>> { return std::make_unique<OneValueServer>(stored_, answer_); },
      [](Duration) { return true; }};
};

TEST_F(Trial, WhatIsExpectedAndComesIsNoDifference) {
  EXPECT_THAT(differences(R"(
    values: { queue_depth: 3x66 50x60 }
    expect:
      - { at: 30s, phase: settling, decision: none }
      - at: 2m
        rules: [{ slo: queue_depth, evaluation: breach, value: 50, verdict: pending, reason: breach_pending }]
      - { at: 3m, phase: rolling_back, decision: rollback, by: queue_depth }
)"),
              IsEmpty());
}

TEST_F(Trial, EachDifferenceSaysWhereItStandsWhatCameAndWhy) {
  const auto found = differences(R"(
    values: { queue_depth: 3x66 50x60 }
    expect:
      - at: 2m
        phase: passed
        decision: rollback
        by: queue_depth
        rules:
          - slo: queue_depth
            evaluation: ok
            value: 3
            verdict: breached
            reason: breach_sustained
)");
  ASSERT_EQ(found.size(), 6U);
  EXPECT_THAT(found[0], StartsWith("10:16: at 2m: expected phase passed, got watching: "));
  EXPECT_THAT(found[1], StartsWith("11:19: at 2m: expected decision rollback by queue_depth, got none: 50 against "));
  EXPECT_THAT(found[2], StartsWith("15:25: at 2m queue_depth: expected evaluation ok, got breach: 50 against "));
  EXPECT_THAT(found[3], StartsWith("16:20: at 2m queue_depth: expected value 3, got 50: "));
  EXPECT_THAT(found[4], StartsWith("17:22: at 2m queue_depth: expected verdict breached, got pending: "));
  EXPECT_THAT(found[4], HasSubstr("in breach for 50s without a break; 1m30s make it a breach"));
  EXPECT_THAT(found[5], StartsWith("18:21: at 2m queue_depth: expected reason breach_sustained, got breach_pending: "));
}

TEST_F(Trial, ADecisionOfAnotherRuleIsAnotherDecision) {
  EXPECT_THAT(
      differences(R"(
    signals: [{ name: e2e, at: 1m, status: failed, detail: login }]
    expect: [{ at: 2m, decision: rollback, by: queue_depth }]
)"),
      ElementsAre(AllOf(StartsWith("8:48: at 2m: expected decision rollback by queue_depth, got rollback: e2e: "),
                        HasSubstr("login"))));
}

TEST_F(Trial, TheTestEndsWithTheDecisionToRollBack) {
  EXPECT_THAT(differences(R"(
    values: { queue_depth: 3x66 50x20 3x60 }
    expect: [{ at: 9m, decision: rollback, rules: [{ slo: queue_depth, value: 50, verdict: breached }] }]
)"),
              IsEmpty());
}

TEST_F(Trial, WhatStoodBeforeTheReleaseIsNotItsFault) {
  EXPECT_THAT(differences(R"(
    values: { queue_depth: 50x120 }
    expect: [{ at: 9m, decision: none, rules: [{ slo: queue_depth, evaluation: breach, reason: preexisting }] }]
)"),
              IsEmpty());
}

TEST_F(Trial, NothingAndTheEndOfASeriesAreNoData) {
  EXPECT_THAT(differences(R"(
    values: { queue_depth: 3x65 _x3 3x3 stale }
    expect:
      - { at: 1m10s, rules: [{ slo: queue_depth, evaluation: no_data }] }
      - { at: 1m30s, rules: [{ slo: queue_depth, evaluation: ok }] }
      - { at: 2m30s, rules: [{ slo: queue_depth, evaluation: no_data, verdict: unknown, reason: held }] }
      - { at: 4m, rules: [{ slo: queue_depth, evaluation: no_data }] }
)"),
              IsEmpty());
}

TEST_F(Trial, AlertsNeedNoServer) {
  around_.start = []() -> Result<std::unique_ptr<SeriesServer>> { return fail(ErrorCode::internal, "started"); };
  EXPECT_THAT(differences(R"(
    input_series:
      - { series: 'ALERTS{alertname="A",alertstate="pending",service="shop"}', values: 1x200 }
      - { series: 'ALERTS{alertname="B",alertstate="firing",service="shop"}', values: _x66 1x60 }
    expect:
      - { at: 50s, decision: none, rules: [{ slo: no_alerts, evaluation: ok }] }
      - { at: 2m, decision: rollback, by: no_alerts }
)"),
              IsEmpty());
}

TEST_F(Trial, OtherSeriesAreStoredAndAsked) {
  answer_ = 50;
  EXPECT_THAT(differences(R"(
    input_series: [{ series: 'jobs{queue="a"}', values: 1 2 }]
    expect: [{ at: 2m, rules: [{ slo: queue_depth, value: 50 }] }]
)"),
              IsEmpty());
  ASSERT_EQ(stored_.size(), 1U);
  EXPECT_THAT(stored_[0].labels, testing::Contains(testing::Pair("queue", "a")));
}

TEST_F(Trial, ASeriesOfTheTestTakesThePlaceOfTheFilesWithTheSameLabels) {
  const auto text = R"(rule_files: [rules/shop.yml]
interval: 10s
release: { service: shop, environment: production, version: '2' }
input_series: [{ series: 'a{x="1"}', values: 1 }, { series: b, values: 2 }]
tests:
  - { name: one, input_series: [{ series: 'a{x="1"}', values: 3 }, { series: c, values: 4 }], expect: [{ at: 0s, phase: settling }] }
)";
  const auto loaded = parse_tests(text, std::string(TESTDATA_DIR) + "/config/tests/shop.test.yml");
  ASSERT_TRUE(loaded.value) << config::format(loaded.diagnostics);
  std::vector<std::string> series;
  for (const auto& one : loaded.value->front().series)
    series.push_back(fmt::format("{} {}", one.labels.at("__name__"), *one.slots.at(0)));
  EXPECT_THAT(series, ElementsAre("a 3", "b 2", "c 4"));
}

TEST_F(Trial, WhereNoServerStartsTheTestCannotBeRun) {
  around_.start = []() -> Result<std::unique_ptr<SeriesServer>> { return fail(ErrorCode::unavailable, "not found"); };
  const auto found = run(R"(
    input_series: [{ series: jobs, values: 1 }]
    expect: [{ at: 2m, decision: none }]
)");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "not found");
}

TEST_F(Trial, AnInterruptedTestIsNoPassedOne) {
  around_.wait = [](Duration) { return false; };
  const auto found = run("    expect: [{ at: 2m, decision: none }]\n");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "interrupted");
}

}  // namespace
}  // namespace guard::trial
