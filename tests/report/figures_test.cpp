// SPDX-License-Identifier: Apache-2.0
#include "guard/report/figures.hpp"

#include "guard/core/before_release.hpp"
#include "tests/support/views.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace guard::report {
namespace {

using model::Comparison;

constexpr auto nothing = std::nullopt;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr WallTime start{std::chrono::hours(1)};

story::SeriesView series(Comparison comparison, std::optional<double> bound,
                         const std::vector<std::optional<double>>& values) {
  story::SeriesView view;
  view.comparison = comparison;
  view.from = start;
  view.step = std::chrono::seconds(10);
  for (const auto& value : values) view.points.push_back({value, bound, nothing});
  return view;
}

Figures all(const story::SeriesView& view) {
  return figures(view, {start, nothing});
}

struct Case {
  const char* name;
  Comparison comparison;
  std::optional<double> bound;
  std::vector<std::optional<double>> values;
  std::optional<double> worst;
  std::optional<double> median;
  std::optional<double> p95;
  std::optional<double> met_share;
};

TEST(ReportFigures, AreWhatTheTableSays) {
  const std::vector<Case> table{
      {"no points", Comparison::less, 1, {}, nothing, nothing, nothing, nothing},
      {"no values", Comparison::less, 1, {nothing, nan, INFINITY}, nothing, nothing, nothing, nothing},
      {"one point", Comparison::less, 1, {0.5}, 0.5, 0.5, 0.5, 1},
      {"less", Comparison::less, 3, {1, 2, 3, 4}, 4, 3, 4, 0.5},
      {"less or equal", Comparison::less_equal, 3, {1, 2, 3, 4}, 4, 3, 4, 0.75},
      {"greater or equal", Comparison::greater_equal, 3, {1, 2, 3, 4}, 1, 3, 4, 0.5},
      {"equal", Comparison::equal, 3, {3, 1, 4, 3}, 1, 3, 4, 0.5},
      {"not equal", Comparison::not_equal, 3, {3, 1, 4}, 3, 3, 4, 2.0 / 3},
      {"gaps count for nothing", Comparison::less, 3, {5, nothing, nan, 1, 2}, 5, 2, 5, 2.0 / 3},
      {"bound not known", Comparison::less, nothing, {1, 2}, 2, 2, 2, nothing},
      {"equal to what is not known", Comparison::equal, nothing, {1, 2}, nothing, 2, 2, nothing}};
  for (const auto& [name, comparison, bound, values, worst, median, p95, met_share] : table) {
    const auto found = all(series(comparison, bound, values));
    EXPECT_EQ(found.worst, worst) << name;
    EXPECT_EQ(found.median, median) << name;
    EXPECT_EQ(found.p95, p95) << name;
    EXPECT_EQ(found.met_share, met_share) << name;
  }
}

TEST(ReportFigures, APercentileIsTheValueAtTheNearestRank) {
  std::vector<std::optional<double>> values;
  for (int i = 100; i > 0; --i) values.emplace_back(i);
  const auto found = all(series(Comparison::less, 1, values));
  EXPECT_EQ(found.median, 51);
  EXPECT_EQ(found.p95, 95);
  values.emplace_back(101);
  EXPECT_EQ(all(series(Comparison::less, 1, values)).p95, 96);
}

TEST(ReportFigures, TheMedianIsThatOfABaseline) {
  model::Rule rule;
  rule.objective.comparison = Comparison::less;
  for (const auto& values : {std::vector<double>{4, 1, 3, 2}, {7}, {5, 1}, {3, 9, 1}}) {
    std::vector<model::Sample> samples;
    std::vector<std::optional<double>> points;
    for (const auto value : values) {
      samples.push_back({{}, value, start + std::chrono::seconds(samples.size())});
      points.emplace_back(value);
    }
    EXPECT_EQ(all(series(Comparison::less, 1, points)).median, core::read_baseline(rule, {}, samples).value);
  }
}

TEST(ReportFigures, TheWorstHasTheTimeItWasFirstSeen) {
  const auto found = all(series(Comparison::less, 1, {1, 5, 5}));
  EXPECT_EQ(found.worst_at, start + std::chrono::seconds(10));
}

TEST(ReportFigures, OnlyTheTimeItWasLiveCounts) {
  const auto view = series(Comparison::less, 3, {9, 1, 2, 8});
  const auto found = figures(view, {start + std::chrono::seconds(10), start + std::chrono::seconds(20)});
  EXPECT_EQ(found.points, 2U);
  EXPECT_EQ(found.worst, 2);
  EXPECT_EQ(found.met_share, 1);
}

TEST(ReportFigures, EachPointIsHeldAgainstItsOwnBoundAndBaseline) {
  auto view = series(Comparison::less, 3, {});
  view.points = {{2, 3, 2}, {2, 1, 0.5}, {2, 5, 4}};
  const auto found = all(view);
  EXPECT_EQ(found.met_share, 2.0 / 3);
  EXPECT_EQ(found.bound, 3);
  EXPECT_EQ(found.baseline, 2);
}

TEST(ReportFigures, ARollbackThatWasDoneEndsTheTimeLive) {
  auto view = test::full_view();
  EXPECT_EQ(time_live(view)->from, *view.live_at);
  EXPECT_EQ(time_live(view)->to, view.decisions[0].finished_at);
  EXPECT_TRUE(time_live(view)->went_back);
  view.decisions[0].state = model::CallState::failed;
  view.ended_at = *view.live_at + std::chrono::hours(1);
  EXPECT_EQ(time_live(view)->to, view.ended_at);
  EXPECT_FALSE(time_live(view)->went_back);
  view.live_at.reset();
  EXPECT_FALSE(time_live(view));
}

}  // namespace
}  // namespace guard::report
