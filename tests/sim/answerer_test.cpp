// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/answerer.hpp"

#include <cmath>

#include <gmock/gmock.h>

namespace guard::sim {
namespace {

using namespace std::chrono_literals;

constexpr WallTime start{1'700'000'000s};

Series requests(const std::vector<double>& values, Duration interval, const std::string& status = "200") {
  Series series({{"__name__", "http_requests_total"}, {"job", "shop"}, {"status", status}});
  auto at = start;
  for (const auto value : values) {
    series.add(at, value);
    at += interval;
  }
  return series;
}

Story story_of(std::vector<Series> series) {
  return {Plan{}, start, std::move(series)};
}

// Samples at 0, 15, 30 and 45 s rise by 30 in 45 s. The range (-5 s, 55 s] begins 5 s before the first and ends 10 s
// after the last, both nearer than 1.1 intervals, so all of it counts: 30 * 60 / 45 in 60 s.
TEST(Answerer, RateExtrapolatesToTheEdgesThatAreNear) {
  EXPECT_DOUBLE_EQ(*rate(requests({100, 110, 120, 130}, 15s), 60s, start + 55s), 30.0 * 60 / 45 / 60);
}

// The same samples in (-55 s, 65 s]: 55 and 20 s away are more than 16.5 s, so half an interval is added at each side.
TEST(Answerer, RateStopsHalfAnIntervalBeyondWhatIsFarFromTheEdge) {
  EXPECT_DOUBLE_EQ(*rate(requests({100, 110, 120, 130}, 15s), 120s, start + 65s), 30.0 * (45 + 7.5 + 7.5) / 45 / 120);
}

// From 1 by 30 in 45 s: it was zero 1.5 s before the first sample, so no more than that is added there.
TEST(Answerer, RateDoesNotExtrapolateACounterBelowZero) {
  EXPECT_DOUBLE_EQ(*rate(requests({1, 11, 21, 31}, 15s), 60s, start + 55s), 30.0 * (45 + 1.5 + 10) / 45 / 60);
}

// 100, 120, a restart, 5, 15: risen by 20 + 5 + 10.
TEST(Answerer, RateTakesAFallForAResetToZero) {
  EXPECT_DOUBLE_EQ(*rate(requests({100, 120, 5, 15}, 15s), 60s, start + 55s), 35.0 * 60 / 45 / 60);
}

TEST(Answerer, ARangeLeavesOutItsBeginningAndHasItsEnd) {
  const auto story = story_of({requests({1, 2, 3, 4}, 15s)});
  Answerer answerer(story);
  const auto samples = answerer.samples("http_requests_total{job=\"shop\"}", 30s, start + 45s);
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples.front().at, start + 30s);
  EXPECT_EQ(samples.back().at, start + 45s);
  EXPECT_FALSE(rate(story.series.front(), 15s, start + 45s));
}

TEST(Answerer, ShareIsOfSumsOverTheSeriesThatMatch) {
  const auto story = story_of({requests({0, 90}, 60s), requests({0, 10}, 60s, "500")});
  Answerer answerer(story);
  const std::string all = "http_requests_total{job=\"shop\"}";
  EXPECT_DOUBLE_EQ(*answerer.ratio("http_requests_total{job=\"shop\",status=~\"5..\"}", all, 5min, start + 60s), 0.1);
  EXPECT_FALSE(answerer.ratio("http_requests_total{job=\"shop\",status=\"404\"}", all, 5min, start + 60s));
}

TEST(Answerer, AnInstantLooksBackFiveMinutesUnlessTheSeriesEnded) {
  auto story = story_of({requests({1, 2}, 15s)});
  EXPECT_EQ(Answerer(story).instant("http_requests_total", start + 5min).size(), 1U);
  EXPECT_TRUE(Answerer(story).instant("http_requests_total", start + 5min + 15s).empty());
  story.series.front().end(start + 30s);
  EXPECT_EQ(Answerer(story).instant("http_requests_total", start + 20s).size(), 1U);
  EXPECT_TRUE(Answerer(story).instant("http_requests_total", start + 30s).empty());
}

TEST(Answerer, WhatIsStillOnItsWayIsNotSeen) {
  auto story = story_of({requests({1, 2, 3}, 15s)});
  story.plan.lag = 20s;
  EXPECT_EQ(*Answerer(story).newest("http_requests_total", 5min, start + 45s), start + 15s);
}

// 60 of 100 up to 0.5, 90 up to 1: the 75th is half way between.
TEST(Answerer, AQuantileIsInterpolatedWithinItsBucket) {
  const auto infinite = std::numeric_limits<double>::infinity();
  EXPECT_DOUBLE_EQ(*quantile_of(0.75, {{0.5, 60}, {1, 90}, {infinite, 100}}), 0.75);
  EXPECT_DOUBLE_EQ(*quantile_of(0.3, {{0.5, 60}, {1, 90}, {infinite, 100}}), 0.25);
  EXPECT_DOUBLE_EQ(*quantile_of(0.99, {{0.5, 60}, {1, 90}, {infinite, 100}}), 1) << "beyond the last finite bound";
  EXPECT_TRUE(std::isnan(*quantile_of(0.5, {{0.5, 0}, {infinite, 0}})));
  EXPECT_FALSE(quantile_of(0.5, {{0.5, 1}, {1, 1}})) << "no +Inf";
}

}  // namespace
}  // namespace guard::sim
