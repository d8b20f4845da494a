// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr auto rules = R"(
defaults: { on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"', 'environment="production"']
    window: 30m
    settle: 1m
    interval: 15s
    rollback: { hook: undo, mode: enforce, verify: 10m, cooldown: 1h }
    rules:
      - { slo: error_rate, expr: error_rate, objective: "< 1%", for: 1m, max_age: 0s }
      - { slo: e2e, signal: e2e, objective: succeeded }
)";

// 2% of everything fails.
class Unwell final : public metrics::MetricsSource {
 public:
  model::Samples query(const metrics::InstantQuery& query) override {
    if (query.expr == "vector(1)") return away ? model::Samples(std::unexpect, gone()) : point(query.at);
    return point(query.at);
  }
  model::Samples query_raw(const metrics::InstantQuery& query) override { return point(query.at); }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    std::vector<model::Sample> out;
    // Before the switch all was well.
    for (auto at = query.from; at <= query.to; at += query.step) out.push_back({{}, at < went_live ? 0.001 : 0.02, at});
    return out;
  }

  static model::SourceError gone() { return {model::Reason::query_failed, "connection refused", true}; }
  static std::vector<model::Sample> point(WallTime at) { return {{{}, 0.02, at}}; }

  static constexpr WallTime went_live{std::chrono::seconds(1769814000)};  // 2026-01-30T23:00:00Z
  bool away = false;
};

class Backtest : public testing::Test {
 protected:
  Backtest() {
    line_.context.metrics = [this](const config::PrometheusSettings& settings) {
      asked_ = settings.http.url;
      return Result<std::shared_ptr<metrics::MetricsSource>>(source_);
    };
    rules_ = write("shop.yml", rules);
    releases_ = write("releases.json", R"({"service": "shop", "environment": "production", "version": "v2",
      "previous_version": "v1", "live_at": "2026-01-30T23:00:00Z"})");
  }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  int run(const std::vector<std::string>& more) {
    std::vector<std::string> words{"backtest", "--prometheus.url=http://p:9090"};
    words.insert(words.end(), more.begin(), more.end());
    return line_.run(words);
  }

  const test::Folder folder_;
  std::string rules_;
  std::string releases_;
  std::string asked_;
  std::shared_ptr<Unwell> source_ = std::make_shared<Unwell>();
  CommandLine line_;
};

TEST_F(Backtest, TellsWhatWouldHaveBeenDoneAndWhy) {
  EXPECT_EQ(run({rules_, "--releases", releases_}), 0) << line_.err();
  EXPECT_EQ(asked_, "http://p:9090");
  EXPECT_THAT(line_.out(), HasSubstr("v2       rolled back after 2m"));
  EXPECT_THAT(line_.out(), HasSubstr("error_rate: 2%"));
  EXPECT_THAT(line_.out(),
              HasSubstr("1 of 1 would have been rolled back: 0 that were undone later anyway, 1 that was kept"));
}

TEST_F(Backtest, RulesOnSignalsThatNobodyKnowsAreLeftOutAndItSaysSo) {
  EXPECT_EQ(run({rules_, "--releases", releases_}), 0);
  EXPECT_THAT(line_.out(), HasSubstr("Rules on signals are left out"));
}

TEST_F(Backtest, JsonIsForPrograms) {
  EXPECT_EQ(run({rules_, "--releases", releases_, "--format=json"}), 0);
  const auto answer = parse_json(line_.out());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->at("releases").at(0).at("verdicts").at(0).at("would_be").as_string(), "rolled_back");
}

TEST_F(Backtest, AServerThatIsAwayIsNamed) {
  source_->away = true;
  EXPECT_EQ(run({rules_, "--releases", releases_}), 1);
  EXPECT_THAT(line_.err(), HasSubstr("http://p:9090: connection refused"));
}

TEST_F(Backtest, WithoutAServerOrRulesItSaysWhatIsMissing) {
  EXPECT_EQ(line_.run({"backtest", rules_}), 1);
  EXPECT_THAT(line_.err(), HasSubstr("--prometheus.url or --config.file"));
  EXPECT_EQ(run({}), 1);
  EXPECT_THAT(line_.err(), HasSubstr("which rule files"));
}

TEST_F(Backtest, ReleasesOfAnotherTimeOrPlaceAreLeftOut) {
  EXPECT_EQ(run({rules_, "--releases", releases_, "--last=1h"}), 0);
  EXPECT_THAT(line_.out(), HasSubstr("No release went live between"));
  EXPECT_EQ(run({rules_, "--releases", releases_, "--service=other"}), 0);
  EXPECT_THAT(line_.out(), HasSubstr("No release"));
}

TEST_F(Backtest, AFileThatCannotBeReadIsNamedWithItsPlace) {
  EXPECT_EQ(run({rules_, "--releases", write("bad.json", "{")}), 1);
  EXPECT_THAT(line_.err(), HasSubstr("bad.json:1: "));
}

}  // namespace
}  // namespace guard::test
