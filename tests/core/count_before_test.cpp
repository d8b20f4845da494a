// SPDX-License-Identifier: Apache-2.0
//
// What a release is not blamed for, and how sure one must be, is read from the hour before it.
#include "guard/core/count_before.hpp"

#include "tests/core/counting.hpp"

#include <random>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

class TheTimeBeforeACount : public testing::Test {
 protected:
  RuleState read(double now, double then, int scrapes = 240) {
    std::mt19937_64 random(3);
    CountedService of_now;
    CountedService of_then;
    for (int i = 0; i < scrapes; ++i) {
      of_now.scrape(std::poisson_distribution<int>(now)(random), 0);
      of_then.scrape(std::poisson_distribution<int>(then)(random), 0);
    }
    const auto end = of_now.now().wall;
    RuleGroup group;
    group.window = 2h;
    group.interval = interval;
    const auto rule = count_rule();
    CountAnswer answer;
    answer.events = in_range(of_now.total(), end, 24h);
    answer.baselines[0] = moved(in_range(of_then.total(), end, 24h), -week);
    RuleState state;
    read_count_before({rule, group, {}, end}, answer, state);
    return state;
  }
};

TEST_F(TheTimeBeforeACount, WithAsManyAsAWeekBeforeAsksForNoMore) {
  const auto state = read(150, 150);
  EXPECT_TRUE(state.past.known);
  EXPECT_FALSE(state.past.breached);
  EXPECT_EQ(state.share->bets.noise, 1);
  EXPECT_LT(state.share->clump, 2);
}

TEST_F(TheTimeBeforeACount, InWhichFewCameAlreadyIsNotThisReleases) {
  const auto state = read(45, 150);
  EXPECT_TRUE(state.past.breached);
  EXPECT_NEAR(*state.past.value, 3, 0.3) << "a second";
  EXPECT_NEAR(state.share->bets.bound, 1 / 1.2, 0.01) << "a third less again is held against it";
}

TEST_F(TheTimeBeforeACount, ThatCannotBeReadIsGivenUpAfterThreeTimes) {
  const auto rule = count_rule();
  const RuleGroup group;
  CountAnswer answer;
  answer.events = std::unexpected(SourceError{Reason::query_failed, "no answer", true});
  RuleState state;
  read_count_before({rule, group, {}, moment().wall}, answer, state);
  EXPECT_FALSE(state.past.known);
  read_count_before({rule, group, {}, moment().wall}, answer, state);
  read_count_before({rule, group, {}, moment().wall}, answer, state);
  EXPECT_TRUE(state.past.known);
}

}  // namespace
}  // namespace guard::core
