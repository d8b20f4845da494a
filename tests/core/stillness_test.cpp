// SPDX-License-Identifier: Apache-2.0
//
// A gauge that does not move is said and never judged, and of what may stay as it is nothing is said.
#include "guard/core/stillness.hpp"

#include "guard/core/round.hpp"
#include "tests/support/builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::core {
namespace {

Rule gauge(const std::string& expr = R"(max(rq_jobs_in_queue{job="shop"}))",
           Objective objective = {Comparison::less, 10}) {
  auto rule = error_rate();
  rule.expr = *TextTemplate::parse(expr, promql::TemplateKind::promql);
  rule.objective = objective;
  return rule;
}

Evaluation read_at(Duration later, double value, Outcome outcome = Outcome::ok) {
  auto out = reading(outcome, moment(later));
  out.value = value;
  return out;
}

// As the rule stands after readings of one value from `begin` to `end`.
RuleState still_for(double value, Duration begin, Duration end) {
  RuleState state;
  for (auto at = begin; at <= end; at += 1min) {
    state.last = read_at(at, value);
    follow_value(state, *state.last);
  }
  return state;
}

std::string said(const Rule& rule, const RuleState& state) {
  return still_words(rule, state).value_or("-");
}

TEST(Stillness, IsSaidAfterAnHour) {
  EXPECT_EQ(said(gauge(), still_for(0, 0s, 59min)), "-");
  EXPECT_EQ(said(gauge(), still_for(0, 0s, 61min)),
            "it has not moved from 0 for 1h1m: where nothing sets it, the rule cannot break");
}

TEST(Stillness, IsOverForGoodOnceTheValueMoves) {
  auto state = still_for(3, 0s, 2h);
  follow_value(state, read_at(2h, 4));
  for (Duration at = 2h; at < 4h; at += 1min) follow_value(state, read_at(at, 3));
  EXPECT_EQ(said(gauge(), state), "-");
}

TEST(Stillness, TheTimeBeforeTheReleaseCounts) {
  auto state = still_for(3, 0s, 30min);
  follow_values_before(state, {read_at(-40min, 3), read_at(-20min, 3)});
  EXPECT_EQ(said(gauge(), state), "it has not moved from 3 for 1h10m: where nothing sets it, the rule cannot break");
  auto moved = still_for(3, 0s, 2h);
  follow_values_before(moved, {read_at(-40min, 3), read_at(-20min, 2)});
  EXPECT_EQ(said(gauge(), moved), "-");
  auto other = still_for(3, 0s, 2h);
  follow_values_before(other, {read_at(-40min, 2), read_at(-20min, 2)});
  EXPECT_EQ(said(gauge(), other), "-");
}

TEST(Stillness, IsNotSaidOfWhatMayStayAsItIs) {
  const auto state = still_for(0, 0s, 2h);
  const auto unsaid = [&](const std::string& expr, Objective objective = {Comparison::less, 10}) {
    EXPECT_EQ(said(gauge(expr, objective), state), "-") << expr;
  };
  unsaid("sum(rate(failed_total[5m]))");
  unsaid("jobs_failed_total");
  unsaid("max(up)");
  unsaid("10 - sum(redis_up{job=\"shop\"})");
  unsaid("queue / jobs_total");
  unsaid("vector(0)");
  unsaid("broken", {Comparison::less, 1});
  unsaid("workers", {Comparison::greater_equal, 0});
  unsaid("queue", {Comparison::less, 1.5, Unit::ratio, true});
  unsaid("job:errors:ratio", {Comparison::less, 0.05, Unit::ratio});
  EXPECT_NE(said(gauge("memory_used_ratio", {Comparison::less, 0.8, Unit::ratio}), still_for(0.3, 0s, 2h)), "-");
}

TEST(Stillness, IsNotSaidOfAnObjectiveThatIsBroken) {
  auto state = still_for(12, 0s, 2h);
  state.last->outcome = Outcome::breach;
  EXPECT_EQ(said(gauge(), state), "-");
}

TEST(Stillness, ReadingsWithoutAValueSayNothing) {
  auto state = still_for(0, 0s, 2h);
  follow_value(state, reading(Outcome::no_data, moment(2h)));
  EXPECT_NE(said(gauge(), state), "-");
}

// Rounds of a watch with the past of its rule, from before the release on.
TEST(Stillness, IsFollowedByEachRoundAndByThePast) {
  auto watch = shop_watch();
  auto group = std::make_shared<RuleGroup>(*watch.group);
  group->rules[0] = gauge();
  watch.group = group;
  watch.switch_began = moment().wall;
  for (auto age = Duration{0}; age <= 30min; age += interval) {
    Answers answers;
    answers.asked = ask(watch, Part::measured, moment(age));
    for (const auto& question : answers.asked.queries) {
      const auto past = question.use == Question::Use::past;
      auto samples = std::vector{sample(4, {}, past ? moment(-40min) : moment(age))};
      if (past) samples.push_back(sample(4, {}, moment(-20min)));
      answers.keep(question, samples);
    }
    watch = read(watch, answers)->watch;
  }
  EXPECT_EQ(watch.rules[0].verdict, Verdict::ok);
  EXPECT_EQ(said(group->rules[0], watch.rules[0]),
            "it has not moved from 4 for 1h10m: where nothing sets it, the rule cannot break");
}

}  // namespace
}  // namespace guard::core
