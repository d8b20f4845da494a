// SPDX-License-Identifier: Apache-2.0
//
// What the answers of one round make of a watch.
#include "guard/core/round.hpp"

#include "guard/core/questions.hpp"
#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Round : public testing::Test {
 protected:
  Round() {
    watch.phase = Phase::watching;
    watch.rules[0].past.known = true;
  }
  void add(const Rule& rule) {
    auto group = std::make_shared<RuleGroup>(*watch.group);
    group->rules.push_back(rule);
    watch.group = std::move(group);
    watch.rules.emplace_back();
  }
  // The answers to what is asked at this age: `value` to each question for a value, and nothing else.
  Answers answers(Duration age, const Samples& value) const {
    Answers out;
    out.asked = ask(watch, Part::measured, moment(age));
    for (const auto& question : out.asked.queries)
      if (question.use == Question::Use::value) out.keep(question, value);
    return out;
  }
  static Samples share(double value) { return std::vector{sample(value)}; }

  Watch watch = shop_watch();
};

TEST_F(Round, TakesTheReadingsAndSaysWhatChanged) {
  const auto reading = read(watch, answers(10min, share(0.001)));
  ASSERT_TRUE(reading);
  EXPECT_THAT(reading->outcomes, ElementsAre(Outcome::ok));
  ASSERT_EQ(reading->changes.size(), 1U);
  EXPECT_EQ(reading->changes[0].slo, "error_rate");
  EXPECT_EQ(reading->changes[0].before, Verdict::unknown);
  EXPECT_EQ(reading->watch.rules[0].verdict, Verdict::ok);
  EXPECT_EQ(reading->watch.rules[0].last->at, moment(10min));
}

TEST_F(Round, SaysNothingOfWhatStaysAsItWas) {
  watch = read(watch, answers(10min, share(0.001)))->watch;
  const auto again = read(watch, answers(10min + interval, share(0.002)));
  ASSERT_TRUE(again);
  EXPECT_THAT(again->changes, IsEmpty());
  EXPECT_THAT(again->outcomes, ElementsAre(Outcome::ok));
}

TEST_F(Round, AQuestionThatFailedIsAnErrorAndNoGoodReading) {
  const SourceError refused{Reason::query_failed, "connection refused", true};
  const auto reading = read(watch, answers(10min, std::unexpected(refused)));
  ASSERT_TRUE(reading);
  EXPECT_THAT(reading->outcomes, ElementsAre(Outcome::error));
  EXPECT_EQ(reading->watch.rules[0].verdict, Verdict::unknown);
}

TEST_F(Round, ABreachThatTheVersionBeforeShowsAlikeHasASharedCause) {
  const auto both = [&](double value) {
    return std::vector{sample(value, {{"service", "shop"}, {"version", watch.spec.version}}),
                       sample(value, {{"service", "shop"}, {"version", watch.spec.previous_version}})};
  };
  const auto broken = read(watch, answers(10min, both(0.2)));
  ASSERT_TRUE(broken);
  EXPECT_TRUE(broken->watch.rules[0].shared_cause);
  EXPECT_FALSE(read(watch, answers(10min, both(0.001)))->watch.rules[0].shared_cause);
}

TEST_F(Round, LeavesTheRulesOfAnotherPartAsTheyAre) {
  add(signal_rule());
  const auto reading = read(watch, answers(10min, share(0.001)));
  ASSERT_TRUE(reading);
  EXPECT_FALSE(reading->watch.rules[1].last);
}

TEST_F(Round, IsWorthNothingOnceTheWatchHasMovedOn) {
  const auto late = answers(10min, share(0.5));
  watch.phase = Phase::rolling_back;
  EXPECT_FALSE(read(watch, late));
}

// Asked while the release settles, at this age, and read in `phase`.
std::optional<Reading> read_in(Phase phase, Duration age) {
  auto watch = shop_watch();
  watch.phase = Phase::settling;
  watch.rules[0].past.known = true;
  Answers answers;
  answers.asked = ask(watch, Part::measured, moment(age));
  for (const auto& question : answers.asked.queries) answers.keep(question, Samples({sample(0.001, {}, moment(age))}));
  watch.phase = phase;
  return read(watch, answers);
}

TEST(RoundAtTheEndOfSettling, OfASettledReleaseCountsThoughAlertsOrSignalsEndedSettlingFirst) {
  const auto reading = read_in(Phase::watching, 5min);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->watch.rules[0].verdict, Verdict::ok);
}

TEST(RoundAtTheEndOfSettling, AskedBeforeItHadSettledIsNotReadWhileItIsWatched) {
  EXPECT_FALSE(read_in(Phase::watching, 4min));
}

TEST(RoundAtTheEndOfSettling, AskedOfTheReleaseIsNotReadOfWhatCameBack) {
  EXPECT_FALSE(read_in(Phase::verifying, 5min));
}

}  // namespace
}  // namespace guard::core
