// SPDX-License-Identifier: Apache-2.0
//
// Each story shows what its label says, and is told the same again.
#include "tests/sim/answerer.hpp"
#include "tests/sim/generator.hpp"
#include "tests/sim/plan.hpp"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>

namespace guard::sim {
namespace {

using namespace std::chrono_literals;

// The class of seed % 6 == 4: 10 to 100 requests a second, where shares can be told from few minutes.
constexpr std::uint64_t busy_seed = 4;

const std::string bad = "http_requests_total{job=\"shop\",status=\"500\"}";
const std::string total = "http_requests_total{job=\"shop\"}";

Plan calm(Kind kind, std::uint64_t seed = busy_seed) {
  auto plan = draw_plan(kind, seed);
  plan.turnover = Turnover::kept;
  plan.missing = 0;
  plan.hole_for = Duration{0};
  plan.lag = Duration{0};
  plan.restarts = 0;
  return plan;
}

// The share that failed from `from` to `to` since live.
double failed(const Story& story, Duration from, Duration to, const std::string& job = "shop") {
  const auto share = Answerer(story).ratio("http_requests_total{job=\"" + job + "\",status=\"500\"}",
                                           "http_requests_total{job=\"" + job + "\"}", to - from, story.live + to);
  return share ? *share : 0;
}

double up(const Story& story, Duration at) {
  const auto samples = Answerer(story).instant("up{job=\"shop\"}", story.live + at);
  double sum = 0;
  for (const auto& sample : samples) sum += sample.value;
  return sum / static_cast<double>(samples.size());
}

void expect_equal(const Story& one, const Story& other) {
  ASSERT_EQ(one.series.size(), other.series.size());
  EXPECT_EQ(one.live, other.live);
  for (std::size_t i = 0; i < one.series.size(); ++i) {
    EXPECT_EQ(one.series[i].labels(), other.series[i].labels());
    EXPECT_EQ(one.series[i].at(), other.series[i].at());
    for (std::size_t k = 0; k < one.series[i].at().size(); ++k)
      ASSERT_EQ(one.series[i].value(k), other.series[i].value(k));
  }
}

TEST(Stories, OneSeedTellsOneStory) {
  for (const auto& [kind, name] : EnumNames<Kind>::table)
    expect_equal(tell(draw_plan(kind, 1)), tell(draw_plan(kind, 1)));
  EXPECT_NE(tell(draw_plan(Kind::unchanged, 1)).live, tell(draw_plan(Kind::unchanged, 2)).live);
}

TEST(Stories, SixSeedsInARowHaveEachClassOfTraffic) {
  for (std::uint64_t seed = 600; seed < 606; ++seed)
    EXPECT_EQ(traffic_class(draw_plan(Kind::unchanged, seed).traffic), static_cast<TrafficClass>(seed - 600));
}

TEST(Stories, EachLabelSaysWhyAndByWhen) {
  for (const auto& [kind, name] : EnumNames<Kind>::table)
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const auto plan = draw_plan(kind, seed);
      EXPECT_FALSE(plan.reason.empty()) << name;
      EXPECT_LE(plan.deadline, window) << name;
      if (plan.roll_back) {
        EXPECT_GT(plan.deadline, plan.begins) << name;
      }
    }
}

TEST(Stories, AServiceThatDoesNotChangeStaysBelowItsObjective) {
  for (const auto clumping : {Clumping::even, Clumping::clumped, Clumping::bursts}) {
    auto plan = calm(Kind::unchanged);
    plan.failing = 0.008;
    plan.clumping = clumping;
    EXPECT_NEAR(failed(tell(plan), -history, window), 0.008, 0.0015) << to_string(clumping);
  }
}

TEST(Stories, WhatFailsFromLiveOnFailsToItsEndAndNotBefore) {
  for (const auto& [kind, share] : {std::pair{Kind::outage, 1.0}, {Kind::failing_20, 0.2}, {Kind::failing_5, 0.05}}) {
    const auto story = tell(calm(kind));
    EXPECT_LT(failed(story, -1h, 0s), most_failing) << to_string(kind);
    EXPECT_NEAR(failed(story, 0s, 10min), share, 0.1 * share + 0.005) << to_string(kind);
    EXPECT_NEAR(failed(story, window - 10min, window), share, 0.1 * share + 0.005) << to_string(kind);
  }
}

TEST(Stories, AFailoverIsGoneByItselfAndMayComeBack) {
  const auto once = calm(Kind::failover);
  EXPECT_LE(once.ends - once.begins, 1min);
  const auto story = tell(once);
  EXPECT_LT(failed(story, once.ends + once.scrape, once.ends + 10min), most_failing);
  EXPECT_GT(failed(story, once.begins - once.scrape, once.ends + once.scrape), most_failing);
  const auto again = calm(Kind::failover_again);
  const auto second = again.begins + again.recurs;
  EXPECT_GT(failed(tell(again), second - 30s, second + 90s), 0.05);
}

TEST(Stories, SlowRequestsShowInTheHistogram) {
  const auto plan = calm(Kind::slowness);
  const auto story = tell(plan);
  const std::string buckets = "http_request_duration_seconds_bucket{job=\"shop\"}";
  EXPECT_LT(*Answerer(story).quantile(0.95, buckets, 1h, story.live), 1);
  EXPECT_GT(*Answerer(story).quantile(0.95, buckets, 30min, story.live + window), 1);
}

TEST(Stories, TheDeadAreDownAndTheirSeriesEnd) {
  const auto plan = calm(Kind::death);
  const auto story = tell(plan);
  EXPECT_EQ(up(story, plan.begins - 1min), 1);
  EXPECT_EQ(up(story, plan.begins + 1min), 0);
  EXPECT_TRUE(Answerer(story).instant(total, story.live + plan.begins + 1min).empty());
}

TEST(Stories, OthersCarryTheLoadOfThoseThatDied) {
  const auto plan = calm(Kind::lost_share);
  const auto story = tell(plan);
  EXPECT_LE(up(story, plan.begins + 1min), 0.67);
  Answerer answerer(story);
  const auto before = *answerer.sum_rate(total, 10min, story.live + plan.begins);
  EXPECT_GT(*answerer.sum_rate(total, 10min, story.live + plan.begins + 11min), 0.7 * before);
}

TEST(Stories, TrafficIsLostAtOnceOrDeclinesOverAnEvening) {
  const auto lost = calm(Kind::lost_traffic);
  const auto story = tell(lost);
  Answerer answerer(story);
  const auto before = *answerer.sum_rate(total, 10min, story.live + lost.begins);
  EXPECT_LT(*answerer.sum_rate(total, 10min, story.live + lost.begins + 11min), 0.35 * before);
  auto evening = tell(calm(Kind::evening));
  Answerer slowly(evening);
  EXPECT_LT(*slowly.sum_rate(total, 10min, evening.live + window), 0.6 * *slowly.sum_rate(total, 10min, evening.live));
  EXPECT_LT(failed(evening, 0s, window), most_failing);
}

TEST(Stories, AnOlderIncidentStoodBeforeLive) {
  const auto goes_on = calm(Kind::older_incident);
  EXPECT_GT(failed(tell(goes_on), -20min, 0s), most_failing);
  EXPECT_GT(failed(tell(goes_on), window - 20min, window), most_failing);
  const auto ends = calm(Kind::older_incident_ends);
  EXPECT_GT(failed(tell(ends), -20min, 0s), most_failing);
  EXPECT_LT(failed(tell(ends), 20min, window), most_failing);
}

TEST(Stories, OnlyASharedIncidentIsTheShopsToo) {
  const auto foreign = calm(Kind::neighbour_incident);
  EXPECT_GT(failed(tell(foreign), foreign.begins, foreign.ends, "shop-neighbour"), 0.15);
  EXPECT_LT(failed(tell(foreign), foreign.begins, foreign.ends), most_failing);
  const auto shared = calm(Kind::shared_incident);
  EXPECT_GT(failed(tell(shared), shared.begins, shared.ends, "shop-neighbour"), 0.15);
  EXPECT_GT(failed(tell(shared), shared.begins, shared.ends), 0.15);
}

TEST(Stories, ABlueGreenSwitchResetsTheSeriesAndARolloutReplacesThem) {
  auto plan = calm(Kind::unchanged);
  plan.turnover = Turnover::reset;
  const auto reset = tell(plan);
  Answerer answerer(reset);
  const auto before = answerer.instant(total, reset.live).front().value;
  EXPECT_LT(answerer.instant(total, reset.live + 1min).front().value, before / 10);
  plan.turnover = Turnover::replaced;
  const auto replaced = tell(plan);
  Answerer others(replaced);
  EXPECT_NE(others.samples(total, 1min, replaced.live).front().labels,
            others.samples(total, 1min, replaced.live + 2min).front().labels);
}

TEST(Stories, ANewbornSeriesAppearsWithItsFirstFailure) {
  auto plan = calm(Kind::outage);
  plan.newborn = true;
  plan.failing = 0;
  const auto story = tell(plan);
  EXPECT_FALSE(Answerer(story).newest(bad, history, story.live));
  EXPECT_TRUE(Answerer(story).newest(bad, 1min, story.live + 2min));
}

TEST(Stories, MissingScrapesAndHolesLeaveNoSamples) {
  auto plan = calm(Kind::unchanged);
  plan.missing = 0.2;
  plan.hole_at = 30min;
  plan.hole_for = 2min;
  const auto story = tell(plan);
  Answerer answerer(story);
  EXPECT_TRUE(answerer.samples(total, 110s, story.live + 31min + 55s).empty());
  const auto all = static_cast<double>((history + window + week_history + window) / plan.scrape);
  EXPECT_NEAR(static_cast<double>(story.series.front().at().size()) / all, 0.8, 0.05);
}

}  // namespace
}  // namespace guard::sim
