// SPDX-License-Identifier: Apache-2.0
#include "guard/report/backtest.hpp"

#include <gmock/gmock.h>

namespace guard::report {
namespace {

using namespace std::chrono_literals;
using replay::Ending;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime live{std::chrono::seconds(1769860800)};  // 2026-01-31 12:00:00 UTC

model::RuleGroupPtr group() {
  auto out = std::make_shared<model::RuleGroup>();
  out->name = "shop";
  out->interval = 15s;
  model::Rule rule;
  rule.slo = "latency_p95";
  rule.objective = {model::Comparison::less, 2, model::Unit::seconds, false};
  out->rules = {rule};
  return out;
}

replay::Judged judged(Ending ending, const std::string& version = "v2") {
  replay::Judged out;
  out.group = group();
  auto& spec = out.course.release.spec;
  spec.service = "shop";
  spec.environment = "production";
  spec.version = version;
  spec.live_at = live;
  out.course.ending = ending;
  out.course.rules.resize(1);
  return out;
}

replay::Judged rolled_back() {
  auto out = judged(Ending::rolled_back);
  model::Decision decision;
  decision.kind = model::DecisionKind::rollback;
  decision.slo = "latency_p95";
  decision.reason = "latency_p95: 3s against < 2s";
  decision.at = live + Duration(5min);
  out.course.conclusions = {{decision, 0}};
  return out;
}

TEST(BacktestWords, ARollbackIsToldWithItsReasonAndWhatCameAfter) {
  auto one = rolled_back();
  EXPECT_EQ(why(one), "latency_p95: 3s against < 2s; it had not recovered when the watch ended");
  one.course.recovered_at = live + Duration(28min);
  EXPECT_EQ(why(one), "latency_p95: 3s against < 2s; it held again 23m later");
}

TEST(BacktestWords, OfWhatPassedTheNearestIsTold) {
  auto one = judged(Ending::passed);
  one.course.rules[0].worst = 1.4;
  one.course.rules[0].bound = 2;
  EXPECT_EQ(why(one), "nearest: latency_p95 1.4s against < 2s");
}

TEST(BacktestWords, ReadingsThatFailedAreNeverLeftOut) {
  auto one = judged(Ending::passed);
  one.course.rules[0].readings = 480;
  one.course.rules[0].errors = 3;
  one.course.rules[0].first_error = "HTTP 503";
  EXPECT_THAT(why(one), HasSubstr("3 of 480 readings of latency_p95 failed: HTTP 503"));
}

TEST(BacktestWords, WhatNoGroupMatchesIsNotWatched) {
  auto one = judged(Ending::passed);
  one.group = nullptr;
  EXPECT_EQ(badge_of(one).words, "not watched");
  EXPECT_THAT(why(one), HasSubstr("no rule group matches service=\"shop\""));
}

TEST(BacktestWords, TheSummaryCountsEachEnding) {
  auto undone = rolled_back();
  undone.course.release.undone = true;
  const Side side{"a.yml", {rolled_back(), undone, judged(Ending::passed), judged(Ending::unverified)}};
  EXPECT_EQ(
      summary_text(side),
      "2 of 4 would have been rolled back: 1 that was undone later anyway, 1 that was kept; 1 passed, 1 unverified");
}

TEST(BacktestPage, WhatCameFromOutsideIsEscaped) {
  const Backtest backtest{live, live + Duration(24h), {{"<a>.yml", {judged(Ending::passed, "<script>")}}}, {"a & b"}};
  const auto page = html_page(backtest);
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("&lt;a&gt;.yml"));
  EXPECT_THAT(page, HasSubstr("a &amp; b"));
}

TEST(BacktestPage, WhatBrokeIsDrawn) {
  auto one = rolled_back();
  one.course.rules[0].breached_at = live + Duration(5min);
  one.points.resize(1);
  for (int i = 0; i < 40; ++i) one.points[0].push_back({live + i * Duration(15s), i < 20 ? 1.0 : 3.0, 2.0, {}});
  const auto page = html_page({live, live + Duration(24h), {{"a.yml", {one}}}, {}});
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("What broke"));
}

TEST(BacktestPage, TwoSidesStandBesideEachOther) {
  const Backtest backtest{
      live, live + Duration(24h), {{"a.yml", {rolled_back()}}, {"b.yml", {judged(Ending::passed)}}}, {}};
  EXPECT_TRUE(differs(backtest, 0));
  const auto json = to_json(backtest);
  const auto& verdicts = json.at("releases").at(0).at("verdicts");
  EXPECT_EQ(verdicts.at(0).at("would_be").as_string(), "rolled_back");
  EXPECT_EQ(verdicts.at(1).at("would_be").as_string(), "passed");
}

}  // namespace
}  // namespace guard::report
