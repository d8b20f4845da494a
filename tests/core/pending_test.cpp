// SPDX-License-Identifier: Apache-2.0
//
// What is on its way to a breach is read between two evaluations, alone.
#include "guard/core/pending.hpp"

#include "guard/core/round.hpp"
#include "tests/support/counters.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

std::optional<Duration> pending_interval_of(Duration interval) {
  RuleGroup group;
  group.interval = interval;
  return pending_interval(group);
}

TEST(PendingInterval, IsAPartOfTheGroupsInterval) {
  EXPECT_THAT(pending_interval_of(15s), Optional(Duration(5s)));
  EXPECT_THAT(pending_interval_of(60s), Optional(Duration(20s)));
  EXPECT_THAT(pending_interval_of(20s), Optional(Duration(10s))) << "three parts of it are no whole milliseconds";
}

TEST(PendingInterval, IsNoShorterThanServersAreScraped) {
  EXPECT_THAT(pending_interval_of(10s), Optional(Duration(5s)));
  EXPECT_EQ(pending_interval_of(9s), std::nullopt);
  EXPECT_EQ(pending_interval_of(1s), std::nullopt);
}

// An error rate by value and one by share; only the share is pending.
class Pending : public testing::Test {
 protected:
  Pending() {
    auto group = std::make_shared<RuleGroup>(*watch_.group);
    group->rules.push_back(share_rule());
    watch_.group = group;
    watch_.rules.resize(2);
    watch_.rules[1].verdict = Verdict::pending;
  }
  Answers answered(Samples total) {
    Answers answers;
    answers.asked = ask_pending(watch_, moment(10min));
    for (const auto& question : answers.asked.queries) answers.keep(question, total);
    return answers;
  }

  Watch watch_ = shop_watch();
};

TEST_F(Pending, ASharesCountersAreAskedForAndNoValue) {
  EXPECT_TRUE(has_pending(watch_));
  const auto asked = ask_pending(watch_, moment(10min));
  EXPECT_THAT(asked.queries, Not(IsEmpty()));
  EXPECT_THAT(asked.queries, Each(Field(&Question::rule, 1U)));
}

TEST_F(Pending, AValueIsReadWithAllTheOthers) {
  watch_.rules[0].verdict = Verdict::pending;
  watch_.rules[1].verdict = Verdict::ok;
  EXPECT_FALSE(has_pending(watch_));
  EXPECT_THAT(ask_pending(watch_, moment(10min)).queries, IsEmpty());
}

TEST_F(Pending, TheReadingIsOfThatRuleAlone) {
  const auto reading = read(watch_, answered({}));
  ASSERT_TRUE(reading);
  EXPECT_FALSE(reading->watch.rules[0].last) << "nobody asked for it";
  EXPECT_TRUE(reading->watch.rules[1].last);
}

TEST_F(Pending, NoAnswerIsNoReading) {
  const auto reading = read(watch_, answered(std::unexpected(SourceError{Reason::query_failed, "too late", true})));
  ASSERT_TRUE(reading);
  EXPECT_FALSE(reading->watch.rules[1].last) << "the evaluation that is due may yet have an answer";
}

}  // namespace
}  // namespace guard::core
