// SPDX-License-Identifier: Apache-2.0
//
// Bets against a share: what they win, and how seldom they win by chance.
#include "guard/core/bets.hpp"

#include <random>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

constexpr double arrivals = 480;

Bets against(double bound) {
  Bets bets;
  bets.bound = bound;
  return bets;
}

// True if the bets reach a breach in a watch of arrivals with as many events each, of which as many are bad at most.
bool won_ever(std::mt19937_64& random, double bound, int events, bool in_one_clump) {
  auto bets = against(bound);
  for (int i = 0; i < arrivals; ++i) {
    int bad = 0;
    if (in_one_clump)
      bad = std::bernoulli_distribution(bound)(random) ? events : 0;
    else
      bad = std::binomial_distribution<int>(events, bound)(random);
    settle_bets(bets, {static_cast<double>(bad), static_cast<double>(events)}, stake(bets, arrivals));
    if (won(bets) >= needed(bets, 0.99)) return true;
  }
  return false;
}

TEST(Bets, AtTheObjectiveAsManyAreWonByChanceAsTheConfidenceAllows) {
  std::mt19937_64 random(1);
  for (const bool in_one_clump : {false, true})
    for (const int events : {1, 5, 150}) {
      int won = 0;
      for (int watch = 0; watch < 1000; ++watch) won += won_ever(random, 0.01, events, in_one_clump) ? 1 : 0;
      // 1 - confidence is 1%: 10 of 1,000 are expected at most, and 21 are more than three deviations beyond.
      EXPECT_LE(won, 21) << events << (in_one_clump ? ", all or none of them bad" : "");
    }
}

TEST(Bets, NoMoreIsStakedThanOne) {
  auto bets = against(0.01);
  double staked = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto next = stake(bets, arrivals);
    staked += next;
    settle_bets(bets, {0, 10}, next);
  }
  EXPECT_NEAR(staked, first_stake + later_stake, 1e-9);
  bets.returned = true;
  EXPECT_LE(stake(bets, arrivals) + staked, 1);
}

TEST(Bets, WithoutEventsNothingIsWonOrLost) {
  auto bets = against(0.01);
  settle_bets(bets, {1, 10}, first_stake);
  const auto before = won(bets);
  settle_bets(bets, {0, 0}, 0);
  EXPECT_EQ(won(bets), before);
}

TEST(Bets, TwoTimesTheObjectiveIsFoundInTheLongRun) {
  auto bets = against(0.01);
  for (int i = 0; i < 100; ++i) settle_bets(bets, {3, 150}, stake(bets, arrivals));
  EXPECT_GT(won(bets), needed(bets, 0.999));
}

TEST(Bets, HalfOfTheObjectiveLosesAll) {
  auto bets = against(0.01);
  for (int i = 0; i < 400; ++i) settle_bets(bets, {1, 200}, stake(bets, arrivals));
  EXPECT_LT(won(bets), 0.1);
}

TEST(Bets, MoreMustBeWonWhereTheNoiseOfBeforeWonSome) {
  auto bets = against(0.01);
  const auto usual = needed(bets, 0.999);
  bets.noise = 50;
  EXPECT_NEAR(needed(bets, 0.999), 50 * usual, 1e-6);
}

TEST(Bets, ProgressGoesFromNothingToAll) {
  auto bets = against(0.01);
  EXPECT_EQ(progress(bets, 0.999), 0);
  settle_bets(bets, {10, 10}, first_stake);
  EXPECT_GT(progress(bets, 0.999), 0.3);
  EXPECT_LT(progress(bets, 0.999), 1);
  for (int i = 0; i < 3; ++i) settle_bets(bets, {10, 10}, 0);
  EXPECT_EQ(progress(bets, 0.999), 1);
}

TEST(Bets, CutTakesWhatIsAboveOnly) {
  auto bets = against(0.01);
  settle_bets(bets, {10, 10}, first_stake);
  const auto before = won(bets);
  cut(bets, before * 2);
  EXPECT_EQ(won(bets), before);
  cut(bets, before / 4);
  EXPECT_NEAR(won(bets), before / 4, 1e-9);
}

TEST(Bets, AFewEventsAreEnoughToFindAnOutage) {
  EXPECT_EQ(fewest_events(0.01, 0.999), 2);
  EXPECT_EQ(fewest_events(0.05, 0.999), 4);
  EXPECT_GT(fewest_events(0.5, 0.999), 10);
}

}  // namespace
}  // namespace guard::core
