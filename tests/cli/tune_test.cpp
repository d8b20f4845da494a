// SPDX-License-Identifier: Apache-2.0
#include "guard/base/file.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr auto rules = R"(
defaults: { on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"', 'environment="production"']
    window: 20m
    settle: 1m
    interval: 2m
    rollback: { mode: observe, verify: 10m, cooldown: 1h }
    rules:
      - { slo: queue, expr: queue, objective: "< 10", for: 2m, max_age: 0s }   # by guess
)";

// The queue never holds more than three.
class Quiet final : public metrics::MetricsSource {
 public:
  model::Samples query(const metrics::InstantQuery& query) override { return {{{{}, 3, query.at}}}; }
  model::Samples query_raw(const metrics::InstantQuery& query) override { return this->query(query); }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    std::vector<model::Sample> out;
    for (auto at = query.from; at <= query.to; at += query.step) out.push_back({{}, 3, at});
    return out;
  }
};

class Tune : public testing::Test {
 protected:
  Tune() {
    line_.context.metrics = [](const config::PrometheusSettings&) {
      return Result<std::shared_ptr<metrics::MetricsSource>>(std::make_shared<Quiet>());
    };
    std::ofstream(folder_ / "shop.yml") << rules;
    std::ofstream releases(folder_ / "releases.jsonl");
    for (int day = 1; day <= 30; ++day)
      releases << fmt::format(
          "{{\"service\": \"shop\", \"environment\": \"production\", \"version\": \"v{0}\", \"previous_version\": "
          "\"v{1}\", \"live_at\": \"2026-01-{0:02}T10:00:00Z\"}}\n",
          day, day - 1);
  }

  int run(const std::vector<std::string>& more) {
    std::vector<std::string> words{"tune",       "--prometheus.url=http://p:9090", folder_ / "shop.yml",
                                   "--releases", folder_ / "releases.jsonl",       "--last=60d"};
    words.insert(words.end(), more.begin(), more.end());
    return line_.run(words);
  }
  std::string file() const { return *read_file(folder_ / "shop.yml"); }

  const test::Folder folder_;
  CommandLine line_;
};

TEST_F(Tune, TellsWhatEachObjectiveWouldHaveDone) {
  EXPECT_EQ(run({}), 0) << line_.err();
  EXPECT_THAT(line_.out(), HasSubstr("queue < 10 (shop): 30 releases that stayed"));
  EXPECT_THAT(line_.out(), HasSubstr("the worst of a release: 3 in half of them, 3 in 95%, 3 in all"));
  EXPECT_THAT(line_.out(), HasSubstr("< 5        0 of 30"));
  EXPECT_THAT(line_.out(), HasSubstr("with the objective as it is:\n    FOR  WOULD HAVE ROLLED BACK"));
  EXPECT_THAT(line_.out(), HasSubstr("    10m  0 of 30"));
  EXPECT_THAT(line_.out(), HasSubstr("proposed: < 5: with it 9.5% of such releases at most"));
}

TEST_F(Tune, ShowsWhatItWouldChangeAndChangesNothingUnasked) {
  EXPECT_EQ(run({}), 0);
  EXPECT_THAT(line_.out(), HasSubstr("shop.yml:11\n-      - { slo: queue, expr: queue, objective: \"< 10\""));
  EXPECT_THAT(line_.out(), HasSubstr("+      - { slo: queue, expr: queue, objective: \"< 5\""));
  EXPECT_THAT(line_.out(), HasSubstr("--write does it"));
  EXPECT_EQ(file(), rules);
}

TEST_F(Tune, WritesTheObjectiveAndNothingElse) {
  EXPECT_EQ(run({"--write"}), 0);
  auto expected = std::string(rules);
  expected.replace(expected.find("< 10"), 4, "< 5");
  EXPECT_EQ(file(), expected);
}

TEST_F(Tune, AStricterWishNeedsMoreReleases) {
  EXPECT_EQ(run({"--wanted=1"}), 0);
  EXPECT_THAT(line_.out(), HasSubstr("nothing is proposed: 30 releases are too few"));
  EXPECT_THAT(line_.out(), Not(HasSubstr("--write does it")));
}

}  // namespace
}  // namespace guard::test
