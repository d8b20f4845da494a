// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/backtest.hpp"

#include "guard/replay/succession.hpp"
#include "tests/replay/past.hpp"

namespace guard::replay {
namespace {

class Backtesting : public testing::Test {
 protected:
  // A release every six hours, of which the third is bad from its fifth minute on, for ten.
  Backtesting() {
    const auto bad = live + Duration(12h + 5min);
    past_.worth["error_rate"] = [bad](WallTime at) {
      return one(at >= bad && at < bad + Duration(10min) ? 0.2 : 0.001);
    };
    std::vector<Release> releases;
    for (int i = 0; i < 5; ++i) releases.push_back(release("v" + std::to_string(2 + i), live + i * Duration(6h)));
    plan_.releases = in_succession(std::move(releases));
    plan_.groups = {group_of(error_rate)};
  }
  std::vector<Judged> run() {
    return backtest(plan_, {past_, WallTime::max(), 1s}, [](std::size_t) { return true; });
  }

  Past past_;
  Plan plan_;
};

TEST_F(Backtesting, EachReleaseIsJudgedByItself) {
  const auto judged = run();
  ASSERT_EQ(judged.size(), 5U);
  for (std::size_t i = 0; i < judged.size(); ++i)
    EXPECT_EQ(judged[i].course.ending, i == 2 ? Ending::rolled_back : Ending::passed) << i;
}

TEST_F(Backtesting, AReleaseCostsFewQuestions) {
  run();
  EXPECT_LT(past_.asked, 5 * 10);
}

TEST_F(Backtesting, WhatNoGroupMatchesIsCounted) {
  plan_.releases[0].spec.service = "other";
  const auto judged = run();
  EXPECT_FALSE(judged[0].group);
  EXPECT_EQ(summary_of(judged).unmatched, 1U);
  EXPECT_EQ(summary_of(judged).judged, 4U);
}

TEST_F(Backtesting, PointsAreKeptOfWhatBroke) {
  plan_.charts = true;
  const auto judged = run();
  EXPECT_TRUE(judged[0].points.empty());
  ASSERT_EQ(judged[2].points.size(), 1U);
  EXPECT_GT(judged[2].points[0].size(), 100U);
}

TEST_F(Backtesting, ItEndsWhereItIsToldTo) {
  const auto judged = backtest(plan_, {past_, WallTime::max(), 1s}, [](std::size_t index) { return index < 2; });
  EXPECT_EQ(judged.size(), 2U);
}

TEST_F(Backtesting, TheSummaryTellsWhatWasUndoneAnywayAndHowLongItWasQuiet) {
  past_.worth["error_rate"] = [](WallTime) { return one(0.2); };
  for (auto& each : plan_.releases) each.spec.previous_version = "v0";
  plan_.releases[1].undone = true;
  // What stood before the release is not held against it.
  past_.worth["error_rate"] = [](WallTime at) {
    const auto since = (at - live) % Duration(6h);
    return one(since > Duration(5min) && since < Duration(3h) ? 0.2 : 0.001);
  };
  const auto summary = summary_of(run());
  EXPECT_EQ(summary.endings.at(Ending::rolled_back), 5U);
  EXPECT_EQ(summary.rolled_back_undone, 1U);
  EXPECT_EQ(summary.quiet, Duration(8h));
}

}  // namespace
}  // namespace guard::replay
