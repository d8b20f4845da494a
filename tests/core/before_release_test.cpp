// SPDX-License-Identifier: Apache-2.0
#include "guard/core/before_release.hpp"

#include "tests/support/builders.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// One point each interval, the last at the moment the switch began.
Samples points(const std::vector<double>& values) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < values.size(); ++i)
    out.push_back(sample(values[i], {}, moment(interval * static_cast<int>(i))));
  return out;
}

Samples failing() {
  return std::unexpected(SourceError{Reason::query_failed, "HTTP 503", true});
}

Past past_of(const Samples& told, const Past& so_far = {}) {
  return read_past(error_rate(), subject_before(shop(), 1h), {told, std::nullopt, std::nullopt}, so_far);
}

TEST(Past, ABreachStoodIfEveryPointBroke) {
  const auto past = past_of(points({0.04, 0.05, 0.06}));
  EXPECT_TRUE(past.known);
  EXPECT_TRUE(past.breached);
  EXPECT_EQ(past.value, 0.06) << "the latest, as that is what it was when the switch began";
}

TEST(Past, OnePointThatHeldMeansNoBreachStood) {
  const auto past = past_of(points({0.04, 0.001, 0.06}));
  EXPECT_TRUE(past.known);
  EXPECT_FALSE(past.breached);
}

TEST(Past, PointsThatSayNothingNeitherMakeNorEndABreach) {
  EXPECT_TRUE(past_of(points({0.04, not_a_number, 0.06})).breached);
  EXPECT_FALSE(past_of(points({not_a_number, 0.06})).breached) << "one point is too few to stand";
  const auto empty = past_of(points({}));
  EXPECT_TRUE(empty.known);
  EXPECT_FALSE(empty.breached);
}

TEST(Past, ARuleThatCountsBreachesIsJudgedByItsOwnCount) {
  auto rule = error_rate();
  rule.breach = {0s, 3, 5};
  const auto past = [&](const std::vector<double>& values) {
    return read_past(rule, subject_before(shop(), 1h), {points(values), std::nullopt, std::nullopt}, {}).breached;
  };
  EXPECT_TRUE(past({0.04, 0.001, 0.05, 0.001, 0.06}));
  EXPECT_FALSE(past({0.04, 0.001, 0.05, 0.001, 0.001}));
}

TEST(Past, WhatWasReadUnderTooLittleTrafficSaysNothing) {
  auto rule = error_rate();
  rule.only_if = *TextTemplate::parse("requests > 1", promql::TemplateKind::promql);
  const auto told = points({0.5, 0.5, 0.5});
  const auto before = subject_before(shop(), 1h);
  EXPECT_TRUE(read_past(rule, before, {told, points({7, 7, 7}), std::nullopt}, {}).breached);
  EXPECT_FALSE(read_past(rule, before, {told, points({}), std::nullopt}, {}).breached);
  EXPECT_FALSE(read_past(rule, before, {told, failing(), std::nullopt}, {}).known);
}

TEST(Past, DataThatWasMissingBeforeIsAnOldBreachWhereItCountsAsOne) {
  auto rule = error_rate();
  const auto before = subject_before(shop(), 1h);
  EXPECT_FALSE(read_past(rule, before, {points({}), std::nullopt, std::nullopt}, {}).breached);
  rule.on_no_data = MissingPolicy::breach;
  EXPECT_TRUE(read_past(rule, before, {points({}), std::nullopt, std::nullopt}, {}).breached);
  EXPECT_FALSE(read_past(rule, before, {points({0.001}), std::nullopt, std::nullopt}, {}).breached);
}

TEST(Past, IsGivenUpAfterThreeErrorsAndThenExcusesNothing) {
  auto past = past_of(failing());
  past = past_of(failing(), past);
  EXPECT_FALSE(past.known);
  past = past_of(failing(), past);
  EXPECT_TRUE(past.known);
  EXPECT_FALSE(past.breached);
  EXPECT_EQ(past.failed_reads, 3);
}

TEST(Past, SeriesOfTheVersionBeforeAreTheOnesThatCount) {
  std::vector<Sample> told;
  for (int i = 0; i < 3; ++i) {
    told.push_back(sample(0.05, {{"version", "1.9"}}, moment(interval * i)));
    told.push_back(sample(0.001, {{"version", "2.0"}}, moment(interval * i)));
  }
  EXPECT_TRUE(past_of(told).breached);
}

TEST(Past, TheSpanIsAsLongAsTheRuleNeeds) {
  auto rule = error_rate();
  EXPECT_EQ(preexisting_span(rule, interval).length, 3 * interval);
  EXPECT_EQ(preexisting_span(rule, interval).step, interval);
  rule.breach.sustained = 5min;
  EXPECT_EQ(preexisting_span(rule, interval).length, 5min);
  rule.breach = {0s, 3, 10};
  EXPECT_EQ(preexisting_span(rule, interval).length, 10 * interval);
}

TEST(Past, TheBaselineIsTheMedianOfWhatCouldBeRead) {
  const auto told = points({3, 100, not_a_number, 1, 4, 2});
  const auto baseline = read_baseline(error_rate(), subject_before(shop(), 1h), told);
  EXPECT_EQ(baseline.value, 3);
  EXPECT_EQ(baseline.problem, std::nullopt);
}

TEST(Past, SeveralSeriesOfAMomentAreReducedAsTheRuleSays) {
  auto rule = error_rate();
  std::vector<Sample> told{sample(1, {{"pod", "a"}}), sample(2, {{"pod", "b"}})};
  EXPECT_FALSE(read_baseline(rule, shop(), told).value);
  rule.reduce = Reduce::sum;
  EXPECT_EQ(read_baseline(rule, shop(), told).value, 3);
}

TEST(Past, AMissingBaselineSaysWhy) {
  EXPECT_EQ(read_baseline(error_rate(), shop(), failing()).problem, "HTTP 503");
  const auto nothing = read_baseline(error_rate(), shop(), points({}));
  EXPECT_FALSE(nothing.value);
  EXPECT_EQ(nothing.problem, "there is no data from before the release");
}

TEST(Past, ALongBaselineIsReadInFewPoints) {
  EXPECT_EQ(baseline_span({2h, 0s}, interval).length, 2h);
  EXPECT_EQ(baseline_span({2h, 0s}, interval).step, 1min);
  EXPECT_EQ(baseline_span({10min, 0s}, interval).step, interval);
}

TEST(Past, ItsSubjectIsTheVersionThatRanThen) {
  const auto before = subject_before(shop(), 1h);
  EXPECT_EQ(before.version, "1.9");
  EXPECT_EQ(before.age, 1h);
}

TEST(Past, ReleasesThatAreAnnouncedWithinAStepAskForTheSameSpan) {
  const WallTime grid{1'700'000'100s};
  EXPECT_EQ(span_end(grid, 15s), grid);
  EXPECT_EQ(span_end(grid + 14s, 15s), grid) << "never after the switch began";
  EXPECT_EQ(span_end(grid + 15s, 15s), grid + 15s);
}

TEST(Past, ABaselineThatCannotBeReadIsAskedForEverMoreSeldom) {
  auto rule = error_rate();
  rule.baselines = {Baseline{2h, {}}};
  RuleState state;
  const auto due = [&](Duration after) { return baseline_is_due(rule, state, interval, moment(after).wall); };
  EXPECT_TRUE(due(0s));
  state.baseline_asked = moment().wall;
  for (const auto& [reads, wait] : {std::pair{1, Duration(interval)},
                                    {2, Duration(2 * interval)},
                                    {3, Duration(4 * interval)},
                                    {60, Duration(10min)}}) {
    state.baseline_reads = reads;
    EXPECT_FALSE(due(wait - interval)) << reads;
    EXPECT_TRUE(due(wait)) << reads;
  }
  EXPECT_TRUE(due(-1h)) << "a clock that was set back holds nothing up";
  state.baseline = 1.0;
  EXPECT_FALSE(due(24h));
}

// A relative rule with these baselines, and what the first of them that has data is.
class FirstBaseline : public testing::Test {
 protected:
  FirstBaseline() { rule_.baselines = {Baseline{{}, 168h}, Baseline{{}, 24h}, Baseline{2h, {}}}; }
  BaselineReading first(const Samples& week, const Samples& day, const BaselineReading& over = {7, ""}) {
    return first_baseline(rule_, shop(), {{0, week}, {1, day}}, over);
  }

  Rule rule_ = error_rate();
  Samples nothing_ = std::vector<Sample>{};
  Samples away_ = std::unexpected(SourceError{Reason::query_failed, "timeout", true});
};

TEST_F(FirstBaseline, ThatHasDataCounts) {
  EXPECT_EQ(first(points({5}), points({6})).value, 5);
  EXPECT_EQ(first(nothing_, points({6})).value, 6);
  EXPECT_EQ(first(points({0}), points({6})).value, 6) << "of 0 no share can be told";
  EXPECT_EQ(first(nothing_, nothing_).value, 7);
}

TEST_F(FirstBaseline, IsNotKnownWhileASourceDoesNotAnswer) {
  const auto reading = first(away_, points({6}));
  EXPECT_EQ(reading.value, std::nullopt) << "an evening must not be held against the afternoon for a timeout";
  EXPECT_EQ(reading.problem, "timeout");
}

TEST_F(FirstBaseline, ThatIsMissingIsExplainedByTheFirst) {
  EXPECT_EQ(first(nothing_, nothing_, {}).problem, "there is no data from before the release");
  EXPECT_EQ(first(points({0}), nothing_, {std::nullopt, ""}).value, 0);
}

TEST(Past, OneOldCountedPointExcusesNothing) {
  auto rule = error_rate();
  rule.breach = {0s, 1, 3};
  const auto before = subject_before(shop(), 1h);
  const auto past = [&](const Samples& told) {
    return read_past(rule, before, {told, std::nullopt, std::nullopt}, {}).breached;
  };
  EXPECT_FALSE(past(points({0.001, 0.05, 0.001})));
  EXPECT_TRUE(past(points({0.05, 0.001, 0.05})));
}

}  // namespace
}  // namespace guard::core
