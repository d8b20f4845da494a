// SPDX-License-Identifier: Apache-2.0
#include "guard/core/missed.hpp"

#include "tests/support/builders.hpp"

#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

// Watched for half an hour when the rule was last read.
class MissedReadings : public testing::Test {
 protected:
  MissedReadings() {
    watch.phase = Phase::watching;
    rule().breach.sustained = 60s;
    state().past.known = true;
    read(Outcome::ok, moment(30min));
  }
  Rule& rule() { return group->rules[0]; }
  RuleState& state() { return watch.rules[0]; }
  void read(Outcome outcome, Instant at, Reason reason = Reason::objective_met) {
    auto evaluation = reading(outcome, at);
    evaluation.reason = reason;
    state() = judge(rule(), state(), evaluation, context);
  }
  std::optional<MissedSpan> span_at(Instant now) const { return missed_span(watch, 0, now); }
  // One value for each moment of the span.
  static MissedAnswer values(const MissedSpan& span, double value) {
    MissedAnswer out;
    std::vector<Sample> points;
    for (auto at = span.first; at.wall <= span.last.wall; at = at + interval) points.push_back(sample(value, {}, at));
    out.points = std::move(points);
    out.provenance = [](Instant) { return std::nullopt; };
    return out;
  }

  Watch watch = shop_watch();
  std::shared_ptr<RuleGroup> group = std::make_shared<RuleGroup>(*watch.group);
  JudgeContext context{interval, false, false, false, Duration{0}};

 private:
  const RuleGroupPtr shared_ = watch.group = group;
};

TEST_F(MissedReadings, OneReadingThatIsMissingIsJitter) {
  EXPECT_FALSE(span_at(moment(30min + 30s)));
}

TEST_F(MissedReadings, EveryMomentBetweenTheLastAnswerAndThePresentIsMadeUpFor) {
  const auto span = span_at(moment(35min));
  ASSERT_TRUE(span);
  EXPECT_EQ(span->first, moment(30min + 15s));
  EXPECT_EQ(span->last, moment(35min - 15s));
}

TEST_F(MissedReadings, FailuresToReadAreMissed) {
  for (int i = 1; i <= 20; ++i) read(Outcome::error, moment(30min + i * interval), Reason::query_failed);
  const auto span = span_at(moment(35min + interval));
  ASSERT_TRUE(span);
  EXPECT_EQ(span->first, moment(30min + interval));
}

TEST_F(MissedReadings, AnAnswerWithoutDataIsAnAnswer) {
  for (int i = 1; i <= 20; ++i) read(Outcome::no_data, moment(30min + i * interval), Reason::empty_result);
  EXPECT_FALSE(span_at(moment(35min + interval)));
}

TEST_F(MissedReadings, NothingIsAskedForWhileNoReadingCounts) {
  watch.paused = true;
  EXPECT_FALSE(span_at(moment(35min)));
}

TEST_F(MissedReadings, WhatNoReadingWouldHaveCountedOfIsNotAskedFor) {
  for (const auto phase : {Phase::deploying, Phase::rolling_back, Phase::rolled_back}) {
    watch.phase = phase;
    EXPECT_FALSE(span_at(moment(35min))) << to_string(phase);
  }
}

TEST_F(MissedReadings, ARuleThatWasNeverReadMissedWhatCountedSinceItSettled) {
  state() = RuleState{};
  const auto span = span_at(moment(8min));
  ASSERT_TRUE(span);
  EXPECT_EQ(span->first, moment(5min + interval));
}

TEST_F(MissedReadings, NoMoreIsAskedForThanAServerAnswers) {
  watch.group = group;
  group->window = 240h;
  const auto span = span_at(moment(120h));
  ASSERT_TRUE(span);
  EXPECT_EQ((span->last.wall - span->first.wall) / interval + 1, most_missed);
}

TEST_F(MissedReadings, ABreachThatLastedLongEnoughMeanwhileIsOne) {
  const auto span = *span_at(moment(35min));
  state() = judge_missed(watch, 0, evaluate_missed(watch, 0, span, values(span, 0.2)), context);
  EXPECT_EQ(state().verdict, Verdict::breached);
  EXPECT_TRUE(breach_stands(state()));
}

TEST_F(MissedReadings, WhatHeldMeanwhileIsEvidence) {
  const auto before = state().observed;
  const auto span = *span_at(moment(35min));
  state() = judge_missed(watch, 0, evaluate_missed(watch, 0, span, values(span, 0.001)), context);
  EXPECT_EQ(state().observed - before, 5min - interval);
}

TEST_F(MissedReadings, FailuresToReadAreReplacedByWhatWasThere) {
  for (int i = 1; i <= 20; ++i) read(Outcome::error, moment(30min + i * interval), Reason::query_failed);
  const auto span = *span_at(moment(35min + interval));
  state() = judge_missed(watch, 0, evaluate_missed(watch, 0, span, values(span, 0.001)), context);
  EXPECT_EQ(state().observed, 5min);
  EXPECT_EQ(state().unread_for, 0s);
}

TEST_F(MissedReadings, AMomentWithoutSamplesStaysUnseen) {
  const auto span = *span_at(moment(31min));
  auto answer = values(span, 0.2);
  answer.points = std::vector<Sample>{};
  const auto readings = evaluate_missed(watch, 0, span, answer);
  ASSERT_EQ(readings.size(), 3U);
  EXPECT_EQ(readings[0].reason, Reason::query_failed) << "the server may have been away: no word on the service";
}

TEST_F(MissedReadings, TooLittleTrafficMeanwhileIsNotJudged) {
  const auto span = *span_at(moment(31min));
  auto answer = values(span, 0.2);
  answer.condition = std::vector<Sample>{};
  EXPECT_EQ(evaluate_missed(watch, 0, span, answer)[0].reason, Reason::low_traffic);
}

// Prometheus was away, not the service: what it has no samples of breaks nothing, whatever the rule says of no data.
TEST_F(MissedReadings, AServerThatWasAwayBreaksNothing) {
  rule().on_no_data = MissingPolicy::breach;
  const auto span = *span_at(moment(40min));
  auto answer = values(span, 0.001);
  answer.points = std::vector<Sample>{};
  state() = judge_missed(watch, 0, evaluate_missed(watch, 0, span, answer), context);
  EXPECT_FALSE(state().latched);
  EXPECT_EQ(state().breach_for, 0s);
}

TEST_F(MissedReadings, WithoutValueAndConditionNobodyKnowsHowMuchTrafficThereWas) {
  const auto span = *span_at(moment(31min));
  auto answer = values(span, 0.2);
  answer.points = std::vector<Sample>{};
  answer.condition = std::vector<Sample>{};
  EXPECT_EQ(evaluate_missed(watch, 0, span, answer)[0].reason, Reason::query_failed);
}

// A server that was killed left no mark that its series ended, and repeats the last sample for minutes.
TEST_F(MissedReadings, OneSampleThatIsRepeatedForMinutesIsNoStreak) {
  const auto span = *span_at(moment(33min));
  auto answer = values(span, 0.2);
  std::vector<Sample> ages;
  for (auto at = span.first; at.wall <= span.last.wall; at = at + interval) {
    const std::chrono::duration<double> age = at.wall - span.first.wall;
    ages.push_back(sample(at == span.last ? 0 : age.count(), {{"selector", "0"}}, at));
  }
  answer.ages = ages;
  const auto readings = evaluate_missed(watch, 0, span, answer);
  EXPECT_EQ(std::ranges::count_if(readings, is_unseen), std::ssize(readings) - 4);
  state() = judge_missed(watch, 0, readings, context);
  EXPECT_FALSE(state().latched);
  EXPECT_LT(state().breach_for, 60s);
}

TEST_F(MissedReadings, TheSpanLiesOnTheGridWhereverTheReadingsLay) {
  read(Outcome::ok, moment(30min + 15s + 40ms));
  const auto span = span_at(moment(35min + 3ms));
  ASSERT_TRUE(span);
  EXPECT_EQ(span->first.wall, moment(30min + 30s).wall);
  EXPECT_EQ(span->last.wall, moment(35min - 15s).wall);
}

TEST_F(MissedReadings, ARangeThatRanEmptyMeanwhileFillsBeforeABreachCounts) {
  context.range = 5min;
  const auto span = *span_at(moment(40min));
  auto answer = values(span, 0.2);
  answer.points->erase(answer.points->begin(), answer.points->end() - 3);
  state() = judge_missed(watch, 0, evaluate_missed(watch, 0, span, answer), context);
  EXPECT_EQ(state().reason, Reason::warming_up);
}

TEST_F(MissedReadings, AValueWhoseAgeNobodyKnowsStaysUnseen) {
  const auto span = *span_at(moment(31min));
  auto answer = values(span, 0.2);
  answer.ages = std::vector<Sample>{sample(1, {{"selector", "0"}}, span.last)};
  const auto readings = evaluate_missed(watch, 0, span, answer);
  EXPECT_EQ(readings.front().reason, Reason::query_failed);
  EXPECT_EQ(readings.back().outcome, Outcome::breach);
}

TEST_F(MissedReadings, ABaselineThatMovesWithTheTimeIsThatOfTheMoment) {
  rule().objective = {Comparison::greater_equal, 0.5, Unit::ratio, true};
  rule().baselines = {Baseline{{}, 24h}};
  const auto span = *span_at(moment(31min));
  auto answer = values(span, 40);
  answer.baselines[0] = std::vector<Sample>{sample(100, {}, span.first + -24h), sample(60, {}, span.last + -24h)};
  const auto readings = evaluate_missed(watch, 0, span, answer);
  ASSERT_EQ(readings.size(), 3U);
  EXPECT_EQ(readings[0].outcome, Outcome::breach);
  EXPECT_EQ(readings[1].reason, Reason::baseline_missing);
  EXPECT_EQ(readings[1].detail, "no baseline: there is no data from before the release");
  EXPECT_EQ(readings[2].outcome, Outcome::ok);
}

TEST_F(MissedReadings, AServerThatDoesNotAnswerTellsNothing) {
  const auto span = *span_at(moment(31min));
  auto answer = values(span, 0.2);
  answer.points = std::unexpected(SourceError{Reason::query_failed, "timeout", true});
  EXPECT_TRUE(evaluate_missed(watch, 0, span, answer).empty());
}

TEST_F(MissedReadings, WhatComesAfterTheWindowSaysNothingOfTheRelease) {
  const auto span = *span_at(moment(3h));
  auto readings = evaluate_missed(watch, 0, span, values(span, 0.001));
  EXPECT_EQ(readings.back().at, moment(2h)) << "the first at or after the end";
  state() = judge_missed(watch, 0, readings, context);
  EXPECT_EQ(state().verdict, Verdict::ok);
  EXPECT_TRUE(is_told_to_its_end(watch, state(), moment(3h)));
}

}  // namespace
}  // namespace guard::core
