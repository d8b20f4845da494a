// SPDX-License-Identifier: Apache-2.0
//
// Charts: what is asked for which stretch of time, what the answers make, and that pages never take the threads of
// those who judge.
#include "guard/story/series.hpp"
#include "tests/engine/harness.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using engine::Lane;
using story::SeriesView;
using testing::ElementsAre;

class Series : public testing::Test {
 protected:
  void watch(Duration time = 7s) {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    world.run(time);
  }
  void ask(const std::string& slo = "error_rate", const std::string& release = "r1") {
    world.guard->series({release, slo}, [this](Result<SeriesView> drawn) { answers.push_back(std::move(drawn)); });
  }
  Result<SeriesView> draw(const std::string& slo = "error_rate") {
    ask(slo);
    world.settle();
    return answers.back();
  }

  World world;
  std::vector<Result<SeriesView>> answers;
};

model::Watch shop_watch(const model::RuleGroup& group, Instant now) {
  model::Watch watch;
  watch.spec = shop_release("r1");
  watch.group = std::make_shared<model::RuleGroup>(group);
  watch.rules.resize(group.rules.size());
  watch.switch_began = now.wall;
  watch.live_at = now.wall;
  watch.clock.start(now, "boot");
  return watch;
}

std::vector<std::string> expressions(const story::SeriesPlan& plan) {
  std::vector<std::string> out;
  for (const auto& stretch : plan.values) out.push_back(stretch.expr);
  return out;
}

TEST_F(Series, AreTheRulesOwnQueryAgainstItsObjective) {
  watch();
  world.metrics->past[error_rate] = one(0.02);
  const auto drawn = draw();
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->release, "r1");
  EXPECT_EQ(drawn->objective, "< 1%");
  EXPECT_EQ(drawn->unit, model::Unit::ratio);
  EXPECT_EQ(drawn->problem, std::nullopt);
  EXPECT_TRUE(std::all_of(drawn->points.begin(), drawn->points.end(),
                          [](const auto& point) { return point.value == 0.02 && point.bound == 0.01; }));
}

TEST_F(Series, BeginBeforeTheSwitchAndEndNow) {
  watch();
  const auto drawn = draw();
  const auto live = *world.view("r1").live_at;
  EXPECT_LT(drawn->from, live - 5s);
  const auto last = drawn->from + static_cast<int>(drawn->points.size() - 1) * drawn->step;
  EXPECT_LE(last, world.clock.now().wall);
  EXPECT_GT(last + drawn->step, world.clock.now().wall);
}

TEST_F(Series, EndWithTheWatch) {
  watch(90s);
  const auto ended = *world.view("r1").ended_at;
  world.clock.step(1h);
  const auto drawn = draw();
  EXPECT_LE(drawn->from + static_cast<int>(drawn->points.size() - 1) * drawn->step, ended);
}

TEST_F(Series, AWeekHasNoMorePointsThanAMinute) {
  auto group = shop_group();
  group.window = 24h * 7;
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  for (const auto age : {Duration(1min), Duration(2h), Duration(24h * 7)}) {
    const auto plan = story::plan_series(shop_watch(group, began), "error_rate", began + age);
    ASSERT_TRUE(plan);
    EXPECT_LE(plan->empty.points.size(), story::most_points) << age.count();
    for (const auto& stretch : plan->values) EXPECT_LT(stretch.last, plan->empty.points.size());
  }
}

TEST_F(Series, SpeakOfTheVersionThatRanAtEachTime) {
  auto group = shop_group();
  group.rules[0].expr = *promql::TextTemplate::parse(R"(up{version="{{ version }}"})", promql::TemplateKind::promql);
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  auto watch = shop_watch(group, began);
  const auto now = began + Duration(30s);
  EXPECT_THAT(expressions(*story::plan_series(watch, "error_rate", now)),
              ElementsAre(R"(up{version="v1"})", R"(up{version="v2"})"));
  model::Decision rollback;
  rollback.kind = model::DecisionKind::rollback;
  rollback.state = model::CallState::confirmed;
  rollback.target = "v0";
  rollback.finished_at = began.wall + 20s;
  watch.decisions.push_back(rollback);
  watch.phase = model::Phase::verifying;
  const auto plan = *story::plan_series(watch, "error_rate", now);
  EXPECT_THAT(expressions(plan), ElementsAre(R"(up{version="v1"})", R"(up{version="v2"})", R"(up{version="v0"})"));
  EXPECT_EQ(story::question(plan, plan.values[1]).from, began.wall);
  EXPECT_EQ(story::question(plan, plan.values[2]).from, began.wall + 20s);
}

TEST_F(Series, AQueryWithoutVersionsIsAskedOnce) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  EXPECT_THAT(expressions(*story::plan_series(shop_watch(shop_group(), began), "error_rate", began + Duration(30s))),
              ElementsAre(error_rate));
}

TEST_F(Series, ABaselineByOffsetIsDrawnPointByPoint) {
  auto group = shop_group();
  group.rules[0].objective = {model::Comparison::less, 2, model::Unit::number, true};
  group.rules[0].baselines = {model::Baseline{Duration{0}, 1h}};
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  const auto plan = *story::plan_series(shop_watch(group, began), "error_rate", began + Duration(3s));
  ASSERT_EQ(plan.baselines.size(), 1U);
  const auto before = story::question(plan, plan.baselines[0]);
  EXPECT_EQ(before.from, plan.empty.from - 1h);
  const auto drawn =
      story::draw(plan, {{{model::Samples{}, {}}}, {std::vector<model::Sample>{{{}, 0.25, before.from}}}, {}});
  EXPECT_EQ(drawn.points[0].baseline, 0.25);
  EXPECT_EQ(drawn.points[0].bound, 0.5);
  EXPECT_EQ(drawn.points[1].bound, std::nullopt);
}

TEST_F(Series, ABaselineByTheTimeBeforeIsOneForAllPoints) {
  auto group = shop_group();
  group.rules[0].objective = {model::Comparison::less, 2, model::Unit::number, true};
  group.rules[0].baselines = {model::Baseline{1h, Duration{0}}};
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  auto watch = shop_watch(group, began);
  watch.rules[0].baseline = 0.25;
  const auto plan = *story::plan_series(watch, "error_rate", began + Duration(3s));
  const auto drawn = story::draw(plan, {{{model::Samples{}, {}}}, {}, {}});
  EXPECT_TRUE(std::ranges::all_of(drawn.points,
                                  [](const auto& point) { return point.baseline == 0.25 && point.bound == 0.5; }));
}

TEST_F(Series, WhatAServerTellsBeyondTheGridIsLeftOut) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  const auto plan = *story::plan_series(shop_watch(shop_group(), began), "error_rate", began + Duration(3s));
  const auto& grid = plan.empty;
  const auto beyond = grid.from + static_cast<Duration::rep>(grid.points.size()) * grid.step;
  const std::vector<model::Sample> told{{{}, 1, grid.from - grid.step}, {{}, 2, grid.from}, {{}, 3, beyond}};
  const auto drawn = story::draw(plan, {{{told, {}}}, {}, {}});
  EXPECT_EQ(drawn.points.size(), grid.points.size());
  EXPECT_EQ(drawn.points[0].value, 2);
  EXPECT_EQ(drawn.points.back().value, std::nullopt);
}

model::Decision decided(model::DecisionKind kind, WallTime at) {
  model::Decision decision;
  decision.kind = kind;
  decision.trigger = model::Trigger::objective;
  decision.slo = "error_rate";
  decision.at = at;
  return decision;
}

model::Samples single(double value, WallTime at) {
  return std::vector<model::Sample>{{{}, value, at}};
}

model::RuleGroup coarse_group() {
  auto group = shop_group();
  group.window = 24h;
  return group;
}

TEST_F(Series, AReadingThatDecidedIsNotLostBetweenTwoPoints) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  auto watch = shop_watch(coarse_group(), began);
  const auto decision = began.wall + 4h + 7s;
  watch.decisions = {decided(model::DecisionKind::rollback, decision),
                     decided(model::DecisionKind::pass, decision + 1h)};
  const auto plan = *story::plan_series(watch, "error_rate", began + Duration(8h));
  ASSERT_GT(plan.empty.step, shop_group().interval);
  ASSERT_EQ(plan.decided.size(), 1U);
  const auto asked = story::question(plan, plan.decided[0]);
  EXPECT_EQ(asked.from, decision);
  EXPECT_EQ(asked.to, decision);
  const auto point = plan.decided[0].point;
  const auto at = plan.empty.from + static_cast<int>(point) * plan.empty.step;
  EXPECT_LE(at, decision);
  EXPECT_GT(at + plan.empty.step, decision);
  EXPECT_EQ(story::draw(plan, {{{single(0.02, at), {}}}, {}, {single(0.2, decision)}}).points[point].value, 0.2);
  EXPECT_EQ(story::draw(plan, {{{single(0.5, at), {}}}, {}, {single(0.2, decision)}}).points[point].value, 0.5);
  EXPECT_EQ(story::draw(plan, {{{model::Samples{}, {}}}, {}, {single(0.2, decision)}}).points[point].value, 0.2);
}

TEST_F(Series, ADecisionBelongsToThePointOfTheReleaseThatItJudged) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  auto watch = shop_watch(coarse_group(), began);
  watch.live_at = began.wall + 3s;
  watch.decisions = {decided(model::DecisionKind::rollback, began.wall + 4s)};
  const auto plan = *story::plan_series(watch, "error_rate", began + Duration(20h));
  ASSERT_EQ(plan.decided.size(), 1U);
  EXPECT_GE(plan.empty.from + static_cast<int>(plan.decided[0].point) * plan.empty.step, *watch.live_at);
}

TEST_F(Series, TheGridIsAsFineAsTheRoundsWhileMostReleasesBreak) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  const auto group = coarse_group();
  const auto plan = *story::plan_series(shop_watch(group, began), "error_rate", began + Duration(150 * group.interval));
  EXPECT_EQ(plan.empty.step, group.interval);
}

TEST_F(Series, OnlyAFewDecisionsAreAskedAbout) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  auto watch = shop_watch(shop_group(), began);
  watch.decisions.assign(50, decided(model::DecisionKind::hold, began.wall + 5s));
  EXPECT_EQ(story::plan_series(watch, "error_rate", began + Duration(30s))->decided.size(), story::most_moments);
}

model::RuleGroup conditional_group() {
  auto group = shop_group();
  group.rules[0].only_if = *promql::TextTemplate::parse("requests > 10", promql::TemplateKind::promql);
  return group;
}

TEST_F(Series, WhereTheConditionDidNotHoldThereIsNoValue) {
  const Instant began{WallTime{500000h}, MonoTime{100h}};
  const auto plan = *story::plan_series(shop_watch(conditional_group(), began), "error_rate", began + Duration(30s));
  ASSERT_EQ(plan.values.size(), 1U);
  const auto asked = story::condition(plan, plan.values[0]);
  EXPECT_EQ(asked.expr, "requests > 10");
  EXPECT_EQ(asked.from, plan.empty.from);
  const auto second = plan.empty.from + plan.empty.step;
  const std::vector<model::Sample> values{{{}, 0.9, plan.empty.from}, {{}, 0.02, second}};
  const auto drawn = story::draw(plan, {{{values, single(11, second)}}, {}, {}});
  EXPECT_EQ(drawn.points[0].value, std::nullopt);
  EXPECT_EQ(drawn.points[1].value, 0.02);
  EXPECT_EQ(drawn.problem, std::nullopt);
}

TEST_F(Series, AConditionIsAskedWithTheValueAndItsFailureIsTold) {
  world.groups[0] = conditional_group();
  world.restart();
  watch();
  world.metrics->past[error_rate] = one(0.02);
  world.metrics->past["requests > 10"] = one(11);
  EXPECT_EQ(draw()->points[0].value, 0.02);
  world.metrics->past.erase("requests > 10");
  EXPECT_EQ(draw()->points[0].value, std::nullopt);
  world.metrics->past["requests > 10"] =
      std::unexpected(model::SourceError{model::Reason::query_failed, "no such metric"});
  EXPECT_EQ(draw()->problem, "no such metric");
}

TEST_F(Series, WhatPrometheusRefusesIsAProblemOfTheChart) {
  watch();
  world.metrics->past[error_rate] = std::unexpected(model::SourceError{model::Reason::query_failed, "no such metric"});
  const auto drawn = draw();
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->problem, "no such metric");
  EXPECT_EQ(drawn->points[0].value, std::nullopt);
  EXPECT_EQ(drawn->points[0].bound, 0.01);
}

TEST_F(Series, SeveralSeriesWithoutReduceAreNeverOneOfThem) {
  watch();
  world.metrics->past[error_rate] = std::vector<model::Sample>{{{{"a", "1"}}, 0.1, {}}, {{{"a", "2"}}, 0.2, {}}};
  const auto drawn = draw();
  EXPECT_TRUE(drawn->problem);
  EXPECT_EQ(drawn->points[0].value, std::nullopt);
}

TEST_F(Series, AreOnlyOfWhatExistsAndHasNumbers) {
  auto signal = shop_group().rules[0];
  signal.slo = "e2e";
  signal.kind = model::RuleKind::signal;
  signal.signal = "e2e";
  world.groups[0].rules.push_back(signal);
  world.restart();
  watch();
  EXPECT_EQ(draw("latency").error().message, "release r1 has no objective of this name");
  EXPECT_EQ(draw("e2e").error().message, "e2e is read from a signal: it has no series");
  ask("error_rate", "r9");
  EXPECT_EQ(answers.back().error().message, "there is no release \"r9\"");
}

TEST_F(Series, PagesAskOnALaneBesideThatOfThoseWhoJudge) {
  watch();
  world.executor->hold(Lane::past);
  for (int i = 0; i < 20; ++i) ask();
  EXPECT_EQ(world.executor->waiting(Lane::past), 2U);
  world.executor->release(Lane::past);
  world.settle();
  EXPECT_EQ(answers.size(), 20U);
  EXPECT_TRUE(std::all_of(answers.begin(), answers.end(), [](const auto& answer) { return answer.has_value(); }));
}

TEST_F(Series, TooManyAtOnceAreRefused) {
  watch();
  world.executor->hold(Lane::past);
  for (int i = 0; i < 100; ++i) ask();
  EXPECT_EQ(answers.size(), 34U);
  EXPECT_EQ(answers[0].error().message, "too many charts are asked for at once; try again later");
}

TEST_F(Series, WhoseTurnDoesNotComeInTimeIsToldSo) {
  watch();
  world.executor->hold(Lane::past);
  for (int i = 0; i < 3; ++i) ask();
  world.clock.step(11s);
  world.executor->release(Lane::past);
  world.settle();
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0]->problem, "the time for this chart was over before all of it was asked");
  EXPECT_EQ(answers[1].error().code, ErrorCode::timeout);
}

}  // namespace
}  // namespace guard::test
