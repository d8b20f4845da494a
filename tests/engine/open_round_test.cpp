// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/open_round.hpp"

#include <gtest/gtest.h>

namespace guard::engine {
namespace {

using namespace std::chrono_literals;
using Use = core::Question::Use;

constexpr Instant begin{WallTime{1'700'000'000s}, MonoTime{1h}};

core::Questions questions(const std::vector<core::Question>& queries) {
  core::Questions out;
  auto group = std::make_shared<model::RuleGroup>();
  group->interval = 10s;
  out.group = group;
  out.queries = queries;
  return out;
}

core::Question question(std::size_t rule, Use use = Use::value) {
  core::Question out;
  out.rule = rule;
  out.use = use;
  return out;
}

OpenRound::Answer answer(const OpenRound::Batch& batch, Duration took = 1s) {
  OpenRound::Answer out{{}, took};
  for (const auto& asked : batch) out.answers.push_back({asked, std::vector<model::Sample>{}});
  return out;
}

OpenRound round_of(const std::vector<core::Question>& queries, const Took& last = {}) {
  OpenRound round(questions(queries), nullptr, last);
  round.start(begin, 1min);
  return round;
}

std::string why(const OpenRound& round, std::size_t rule) {
  const auto told = round.answers.rules.find(rule);
  if (told == round.answers.rules.end()) return "nothing";
  return told->second.now.value ? "answered" : told->second.now.value.error().message;
}

TEST(OpenRound, Fault2IsOverBeforeTheNextIsDue) {
  EXPECT_EQ(round_of({question(0)}).deadline(), begin.mono + 9s);
  EXPECT_LT(round_of({question(0)}).closes_at(), begin.mono + 10s);
  OpenRound impatient(questions({question(0)}), nullptr, {});
  impatient.start(begin, 2s);
  EXPECT_EQ(impatient.deadline(), begin.mono + 2s);
}

TEST(OpenRound, TheQuickRulesOfTheLastRoundAreAskedFirst) {
  auto round = round_of({question(0), question(1), question(2)}, {{0, 9s}, {1, 1s}});
  EXPECT_EQ(round.take_now().front().rule, 2U) << "what was not asked is not known to be slow";
  EXPECT_EQ(round.take_now().front().rule, 1U);
  EXPECT_EQ(round.take_now().front().rule, 0U);
}

TEST(OpenRound, EveryQuestionAboutNowHasAnAnswerInTheEnd) {
  auto round = round_of({question(0), question(1), question(2)});
  const auto first = round.take_now();
  round.take_now();
  round.answered(first, answer(first));
  EXPECT_FALSE(round.complete());
  round.close();
  EXPECT_EQ(why(round, 0), "answered");
  EXPECT_EQ(why(round, 1), "no answer within the time of the round");
  EXPECT_EQ(why(round, 2), "the round's time was over before it could be asked");
  EXPECT_EQ(round.answers.rules.size(), 3U);
}

TEST(OpenRound, ThePastIsWaitedForOnlyWhileItIsOut) {
  auto round = round_of({question(0), question(0, Use::past), question(1, Use::past)});
  const auto now = round.take_now();
  const auto past = round.take_past();
  round.answered(now, answer(now));
  EXPECT_FALSE(round.complete());
  round.answered(past, answer(past));
  EXPECT_TRUE(round.complete()) << "the other has not had its turn";
  round.close();
  EXPECT_EQ(why(round, 1), "nothing") << "it is asked in the next round, and is no failure";
}

TEST(OpenRound, ThePointsOfThePastAndTheirConditionAreAskedTogether) {
  auto round = round_of(
      {question(0), question(0, Use::baseline_over), question(0, Use::past), question(0, Use::past_condition)});
  EXPECT_EQ(round.waiting_past(), 2U);
  EXPECT_EQ(round.take_past().size(), 1U);
  EXPECT_EQ(round.take_past().size(), 2U);
}

TEST(OpenRound, IsSlowIfAQuestionTookMostOfItsTime) {
  const auto slow = [](Duration took) {
    auto round = round_of({question(0)});
    const auto batch = round.take_now();
    round.answered(batch, answer(batch, took));
    round.close();
    return round.slow();
  };
  EXPECT_FALSE(slow(4s));
  EXPECT_TRUE(slow(5s));
  auto silent = round_of({question(0)});
  silent.take_now();
  silent.close();
  EXPECT_TRUE(silent.slow());
  EXPECT_GT(silent.took().at(0), 9s);
}

}  // namespace
}  // namespace guard::engine
