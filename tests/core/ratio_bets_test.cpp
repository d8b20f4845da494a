// SPDX-License-Identifier: Apache-2.0
//
// Bets against a ratio of two counts: what they win, and how seldom they win by chance.
#include "guard/core/ratio_bets.hpp"

#include "guard/core/bets.hpp"

#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

constexpr int arrivals = 480;
constexpr double half = 2.0 / 3;  // the share of the baseline where half as many come

Bets against(double bound) {
  Bets bets;
  bets.bound = bound;
  return bets;
}

// How many come in one arrival of a service.
struct Traffic {
  double mean = 0;   // of the baseline's
  double clump = 1;  // that come together
  double noise = 0;  // by how much the rate of an arrival varies, of itself
};

double come(std::mt19937_64& random, const Traffic& traffic, double ratio) {
  auto rate = ratio * traffic.mean;
  if (traffic.noise > 0)
    rate *= std::gamma_distribution<>(1 / (traffic.noise * traffic.noise))(random) * traffic.noise * traffic.noise;
  return traffic.clump * std::poisson_distribution<int>(std::max(1e-9, rate / traffic.clump))(random);
}

// True if the bets reach a breach in a watch in which `ratio` times as many come as in the time of the baseline.
bool won_ever(std::mt19937_64& random, const Traffic& traffic, double ratio) {
  auto bets = against(half);
  for (int i = 0; i < arrivals; ++i) {
    const auto then = come(random, traffic, 1);
    const auto now = come(random, traffic, ratio);
    settle_ratio_bets(bets, {then, then + now}, traffic.clump, stake(bets, arrivals));
    if (won(bets) >= needed(bets, 0.99)) return true;
  }
  return false;
}

class RatioBets : public testing::TestWithParam<Traffic> {};

TEST_P(RatioBets, AtTheObjectiveAsManyAreWonByChanceAsTheConfidenceAllows) {
  std::mt19937_64 random(1);
  int won = 0;
  for (int watch = 0; watch < 300; ++watch) won += won_ever(random, GetParam(), 0.5) ? 1 : 0;
  // 1 - confidence is 1%: 3 of 300 are expected at most, and 9 are more than three deviations beyond.
  EXPECT_LT(won, 9);
}

// One request a minute and a thousand a second, alone and in clumps, at a rate that varies by a quarter each time.
INSTANTIATE_TEST_SUITE_P(AtAnyTraffic, RatioBets,
                         testing::Values(Traffic{0.25}, Traffic{5}, Traffic{1500}, Traffic{15, 5},
                                         Traffic{15'000, 1, 0.25}));

TEST(RatioBets, WhereAsManyComeAllIsLost) {
  auto bets = against(half);
  for (int i = 0; i < 100; ++i) settle_ratio_bets(bets, {10, 20}, 1, stake(bets, arrivals));
  EXPECT_LT(won(bets), 0.01);
}

TEST(RatioBets, WhereAFifthComesTheyAreWon) {
  auto bets = against(half);
  int taken = 0;
  while (won(bets) < needed(bets, 0.999) && taken < 100) {
    settle_ratio_bets(bets, {10, 12}, 1, stake(bets, arrivals));
    ++taken;
  }
  EXPECT_LE(taken, 12) << "24 of 120 expected";
}

TEST(RatioBets, OneArrivalDoesNotDecideHoweverManyEventsItHolds) {
  auto bets = against(half);
  settle_ratio_bets(bets, {1e6, 1.1e6}, 1, first_stake);
  EXPECT_LT(won(bets), needed(bets, 0.999));
}

TEST(RatioBets, EventsThatComeTogetherCountAsOne) {
  auto many = against(half);
  auto few = against(half);
  settle_ratio_bets(many, {15, 20}, 5, first_stake);
  settle_ratio_bets(few, {3, 4}, 1, first_stake);
  EXPECT_NEAR(won(many), won(few), 1e-9);
}

TEST(RatioBets, WithoutEventsNothingIsWonOrLost) {
  auto bets = against(half);
  settle_ratio_bets(bets, {3, 10}, 1, first_stake);
  const auto before = won(bets);
  settle_ratio_bets(bets, {0, 0}, 1, 0);
  EXPECT_EQ(won(bets), before);
}

TEST(RatioBets, AnOutageIsFoundOnceAFewDozenWereExpected) {
  EXPECT_GT(fewest_expected(half, 0.999), 20);
  EXPECT_LT(fewest_expected(half, 0.999), 40);
}

std::vector<Arrival> an_hour(const Traffic& traffic, const std::function<double(int)>& course) {
  std::mt19937_64 random(2);
  std::vector<Arrival> out;
  for (int i = 0; i < 240; ++i) {
    const auto now = come(random, traffic, course(i));
    out.push_back({WallTime(Duration(15s) * i), {0, now}});
  }
  return out;
}

double steady(int) {
  return 1;
}

TEST(Clumps, OfSingleEventsAreNone) {
  EXPECT_LT(clump_of(an_hour({15}, steady)), 1.7);
  EXPECT_LT(clump_of(an_hour({1500}, steady)), 1.7);
}

TEST(Clumps, AreAsLargeAsWhatComesTogether) {
  EXPECT_NEAR(clump_of(an_hour({100, 10}, steady)), 10, 5);
}

TEST(Clumps, OfAnEveningThatDeclinesAreSmall) {
  EXPECT_LT(clump_of(an_hour({150}, [](int i) { return 1 - 0.6 * i / 240; })), 8);
}

TEST(Clumps, AreOfFiveMinutesWhereUsersComeForAsLong) {
  EXPECT_GT(clump_of(an_hour({15}, [](int i) { return i / 20 % 2 == 0 ? 0.2 : 1.8; })), 50);
}

TEST(Clumps, OfWhichLittleIsKnownAreTheUsualOnes) {
  EXPECT_NEAR(clump_of({}), usual_clump, 1e-9);
  EXPECT_NEAR(clump_of(an_hour({0.01}, steady)), usual_clump, 0.7);
}

}  // namespace
}  // namespace guard::core
