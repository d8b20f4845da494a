// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/random.hpp"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>

namespace guard::sim {
namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};
Moments moments(const std::function<double(Random&)>& draw) {
  Random random(7);
  constexpr int draws = 40'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < draws; ++i) {
    const auto value = draw(random);
    sum += value;
    squares += value * value;
  }
  return {sum / draws, squares / draws - std::pow(sum / draws, 2)};
}

void expect_moments(const std::function<double(Random&)>& draw, double mean, double variance) {
  const auto got = moments(draw);
  EXPECT_NEAR(got.mean, mean, 5 * std::sqrt(variance / 40'000));
  EXPECT_NEAR(got.variance, variance, 0.1 * variance);
}

// The first words of the reference implementation, seeded by splitmix64 from 0.
TEST(Random, IsTheGeneratorThatItsPageDescribes) {
  Random random(0);
  EXPECT_EQ(random.next(), 0x99ec5f36cb75f2b4U);
  EXPECT_EQ(random.next(), 0xbf6e1f784956452aU);
}

TEST(Random, EqualSeedsDrawEqualNumbersAndOthersDoNot) {
  Random one(3);
  Random same(3);
  Random other(4);
  EXPECT_EQ(one.poisson(100), same.poisson(100));
  EXPECT_NE(one.next(), other.next());
}

TEST(Random, CountsHaveTheirMeanAndVariance) {
  for (const double mean : {0.02, 3.0, 15.9, 16.1, 300.0, 9000.0})
    expect_moments([&](Random& r) { return double(r.poisson(mean)); }, mean, mean);
  for (const auto& [trials, share] : {std::pair{5, 0.01}, {40, 0.97}, {300, 0.5}, {300, 0.01}, {9000, 0.2}})
    expect_moments([&](Random& r) { return double(r.binomial(trials, share)); }, trials * share,
                   trials * share * (1 - share));
}

TEST(Random, SharesAndTimesHaveTheirs) {
  expect_moments([](Random& r) { return r.gamma(0.3); }, 0.3, 0.3);
  expect_moments([](Random& r) { return r.gamma(20); }, 20, 20);
  expect_moments([](Random& r) { return r.beta(0.5, 1.5); }, 0.25, 0.25 * 0.75 / 3);
  expect_moments([](Random& r) { return r.exponential(4); }, 4, 16);
  expect_moments([](Random& r) { return r.normal(); }, 0, 1);
}

TEST(Random, CertainThingsAreCertain) {
  Random random(1);
  EXPECT_EQ(random.binomial(1000, 0), 0);
  EXPECT_EQ(random.binomial(1000, 1), 1000);
  EXPECT_EQ(random.poisson(0), 0);
}

}  // namespace
}  // namespace guard::sim
