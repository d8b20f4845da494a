// SPDX-License-Identifier: Apache-2.0
//
// A count of events read scrape by scrape, against that of another time: what breaks a release, and what does not.
#include "guard/core/count.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/questions.hpp"
#include "guard/core/round.hpp"
#include "tests/core/counting.hpp"

#include <functional>

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::HasSubstr;

class ACount : public testing::Test {
 protected:
  ACount() {
    change([](RuleGroup& group) {
      group.settle = Duration{0};
      group.window = 2h;
      group.rules[0] = count_rule();
    });
    watch_.phase = Phase::watching;
    watch_.rules[0].past.known = true;
    watch_.switch_began = moment().wall;
    now_.scrape(1000, 0);
    then_.scrape(1000, 0);
  }

  void change(const std::function<void(RuleGroup&)>& how) {
    auto group = std::make_shared<RuleGroup>(*watch_.group);
    how(*group);
    watch_.group = group;
  }

  // The next scrapes, now and a week ago, each read right after it.
  void pass(double come, double came, int times = 1) {
    for (int i = 0; i < times; ++i) {
      now_.scrape(come, 0);
      then_.scrape(came, 0);
      read();
    }
  }
  // What the server has for a question.
  std::vector<Sample> told(const Question& question) const {
    const auto open = question.expr.rfind('[');
    const auto range = parse_duration(question.expr.substr(open + 1, question.expr.size() - open - 2)).value();
    if (question.use == Question::Use::count) return in_range(now_.total(), question.at, range);
    if (question.selector == 0 && !has_week_) return {};
    return in_range(moved(then_.total(), question.selector == 0 ? -week : -2h), question.at, range);
  }
  Questions asked() const { return ask(watch_, Part::measured, now_.now() + -interval + Duration(100ms)); }
  void read() {
    const auto questions = asked();
    const auto at = questions.at;
    CountAnswer answer;
    for (const auto& question : questions.queries) {
      if (question.use == Question::Use::count) answer.events = told(question);
      if (question.use == Question::Use::count_baseline) answer.baselines[question.selector] = told(question);
    }
    auto reading = evaluate_count(watch_, 0, answer, at);
    state().share = reading.state;
    JudgeContext context{interval, watch_.is_settling(at), watch_.paused};
    state() = judge(watch_.group->rules[0], std::move(state()), reading.evaluation, context);
  }
  RuleState& state() { return watch_.rules[0]; }
  const Evaluation& last() { return *state().last; }

  Watch watch_ = shop_watch();
  CountedService now_;
  CountedService then_;
  bool has_week_ = true;
};

TEST_F(ACount, IsKeptWhileAsManyComeAsAWeekBefore) {
  pass(150, 150, 100);
  EXPECT_EQ(state().verdict, Verdict::ok);
  EXPECT_THAT(last().detail, HasSubstr("came 1w before, 100% against >= 50% of baseline"));
  EXPECT_NEAR(*last().value, 10, 0.1) << "a second";
  EXPECT_NEAR(*last().bound, 5, 0.1);
}

TEST_F(ACount, OfAnEveningThatWasOneAWeekBeforeIsKept) {
  for (int i = 0; i < 400; ++i) pass(200 - 0.45 * i, 200 - 0.45 * i);
  EXPECT_EQ(state().verdict, Verdict::ok);
  EXPECT_FALSE(state().latched);
}

TEST_F(ACount, OfHalfOfThreeRequestsAMinuteIsNoDropYet) {
  pass(1, 1, 40);
  pass(0, 1, 10);
  EXPECT_NE(state().verdict, Verdict::breached);
  EXPECT_FALSE(state().latched);
}

TEST_F(ACount, OfARequestAMinuteThatNoLongerComesIsBreachedInTime) {
  state().share.emplace().clump = 1;
  pass(1, 1, 40);
  int taken = 0;
  while (!state().latched && taken < 200) {
    pass(0, 1);
    ++taken;
  }
  EXPECT_LE(taken, 50) << "where fifty were expected";
  EXPECT_GE(taken, 20);
  EXPECT_EQ(state().reason, Reason::count_broken);
  EXPECT_THAT(last().detail,
              HasSubstr("0 in 5m, where 20 came 1w before, 0% against >= 50% of baseline, by chance once"));
}

TEST_F(ACount, OfTwoThirdsThatDoNotGetThroughIsBreachedWithinMinutes) {
  pass(150, 150, 20);
  pass(50, 150, 12);
  EXPECT_FALSE(state().latched) << "less than four minutes may be a lull";
  pass(50, 150, 16);
  EXPECT_TRUE(state().latched);
  EXPECT_TRUE(breach_stands(state()));
}

TEST_F(ACount, OfALullOfTwoMinutesIsKept) {
  pass(150, 150, 20);
  pass(0, 150, 8);
  pass(150, 150, 80);
  EXPECT_FALSE(state().latched);
  EXPECT_EQ(state().verdict, Verdict::ok);
}

TEST_F(ACount, ThatWasTooLowWhileNobodyLookedIsBreachedThoughItIsOver) {
  pass(150, 150, 20);
  for (int i = 0; i < 28; ++i) now_.scrape(50, 0), then_.scrape(150, 0);
  for (int i = 0; i < 80; ++i) now_.scrape(150, 0), then_.scrape(150, 0);
  Answers answers;
  answers.asked = asked();
  for (const auto& question : answers.asked.queries) answers.keep(question, told(question));
  const auto reading = core::read(watch_, answers);
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->watch.rules[0].latched);
  EXPECT_FALSE(breach_stands(reading->watch.rules[0]));
}

TEST_F(ACount, OfExactlyItsObjectiveHoldsAlsoAfterARollback) {
  watch_.phase = Phase::verifying;
  pass(75, 150, 40);
  EXPECT_EQ(last().outcome, Outcome::ok);
  pass(70, 150, 40);
  EXPECT_EQ(last().outcome, Outcome::breach);
}

TEST_F(ACount, IsHeldAgainstTheTimeBeforeACountWhereThereIsNoWeekBefore) {
  has_week_ = false;
  pass(150, 150, 20);
  EXPECT_THAT(last().detail, HasSubstr("came 2h before"));
  pass(10, 150, 24);
  EXPECT_TRUE(state().latched);
}

TEST_F(ACount, WithoutAnyBaselineIsNoData) {
  has_week_ = false;
  change([](RuleGroup& group) { group.rules[0].baselines.pop_back(); });
  pass(150, 150, 2);
  EXPECT_EQ(last().reason, Reason::baseline_missing);
  EXPECT_EQ(last().detail, "no baseline: there are no samples of 1w before");
  EXPECT_FALSE(last().bound) << "half of nobody knows what";
}

TEST_F(ACount, OfFewerExpectedThanCanBeJudgedIsLeftOut) {
  pass(1, 1, 5);
  EXPECT_EQ(last().reason, Reason::too_few_events);
  EXPECT_EQ(state().reason, Reason::ignored);
  EXPECT_THAT(last().detail, testing::MatchesRegex("[0-9]+ expected so far, and it can be judged from [0-9]+ on"));
}

TEST_F(ACount, ThatWasLowBeforeMustBecomeClearlyLess) {
  auto& share = state().share.emplace();
  share.bets.bound = 1 / (1 + 0.3 / 1.5);
  state().past = {true, true, 3.0, 0};
  pass(45, 150, 60);
  EXPECT_FALSE(state().latched) << "as before";
  pass(5, 150, 30);
  EXPECT_TRUE(state().latched) << "a tenth of that";
}

TEST_F(ACount, OverARestartOfTheCountersLosesNothingButAScrape) {
  pass(150, 150, 20);
  now_.restart();
  pass(150, 150, 80);
  EXPECT_EQ(state().verdict, Verdict::ok);
}

TEST_F(ACount, OverAGapInTheScrapesCountsNothing) {
  pass(150, 150, 20);
  const auto before = state().share->events;
  for (int i = 0; i < 12; ++i) {
    now_.miss();
    then_.scrape(150, 0);
  }
  pass(150, 150);
  EXPECT_EQ(state().share->events, before) << "what comes in one piece may be that of some targets only";
  pass(150, 150, 2);
  EXPECT_GT(state().share->events.total, before.total);
  EXPECT_EQ(state().verdict, Verdict::ok);
}

TEST_F(ACount, IsNotJudgedTwiceWhereTheSameSamplesAreReadAgain) {
  pass(150, 150, 20);
  const auto before = state().share->events;
  read();
  EXPECT_EQ(state().share->events, before);
}

TEST(ABaseline, OverATimeIsThatTimeBeforeTheSwitchForEachMomentAfterIt) {
  const auto switched = moment().wall;
  const Baseline hour{1h, Duration{0}};
  EXPECT_EQ(baseline_distance(hour, switched, switched + 1min), 1h);
  EXPECT_EQ(baseline_distance(hour, switched, switched + 1h), 1h);
  EXPECT_EQ(baseline_distance(hour, switched, switched + 61min), 2h) << "what follows the switch is no baseline";
  EXPECT_EQ(baseline_distance(hour, switched, switched), 1h);
  EXPECT_EQ(baseline_distance({Duration{0}, week}, switched, switched + 61min), week);
}

class ACountScrapedEach : public ACount, public testing::WithParamInterface<Duration> {};

TEST_P(ACountScrapedEach, TakesLittleRoom) {
  const auto each = GetParam();
  change([&](RuleGroup& group) { group.interval = each; });
  CountedService service("app-1", each);
  service.scrape(1000, 0);
  for (auto passed = Duration{0}; passed < 8min; passed += each) service.scrape(150, 0);
  for (auto at = moment(each) + Duration(100ms); at.wall < service.now().wall; at = at + each) {
    const auto told = in_range(service.total(), at.wall, 10min);
    const auto reading = evaluate_count(watch_, 0, {told, {{0, moved(service.total(), -week)}}}, at);
    state().share = reading.state;
    ASSERT_LE(sizeof(reading.state) + reading.state.minute.size() * sizeof(Arrival), 512U);
  }
  EXPECT_GT(state().share->minute.size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(Seconds, ACountScrapedEach, testing::Values(1s, 5s, 15s, 16s, 31s, 60s));

}  // namespace
}  // namespace guard::core
