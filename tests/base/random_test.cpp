// SPDX-License-Identifier: Apache-2.0
#include "guard/base/random.hpp"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard {
namespace {

using namespace std::chrono_literals;

constexpr double nearly_one = 1 - 0x1.0p-53;

TEST(Backoff, ItsCapDoublesUntilTheLongest) {
  EXPECT_EQ(backoff(2, 1s, 60s, nearly_one), 999ms);
  EXPECT_EQ(backoff(3, 1s, 60s, nearly_one), 1999ms);
  EXPECT_EQ(backoff(5, 1s, 60s, nearly_one), 7999ms);
  EXPECT_EQ(backoff(9, 1s, 60s, nearly_one), 59999ms);
  EXPECT_EQ(backoff(1'000'000, 1s, 60s, nearly_one), 59999ms);
}

TEST(Backoff, IsNeverImmediate) {
  EXPECT_EQ(backoff(2, 1s, 60s, 0), 100ms);
  EXPECT_EQ(backoff(9, 1s, 60s, 0), 6s);
}

TEST(Backoff, BeforeTheFirstRetryIsAsTheFirst) {
  EXPECT_EQ(backoff(0, 1s, 60s, 0.5), backoff(2, 1s, 60s, 0.5));
  EXPECT_EQ(backoff(-5, 1s, 60s, 0.5), backoff(2, 1s, 60s, 0.5));
}

RC_GTEST_PROP(BackoffProperty, LiesBetweenATenthAndTheWholeOfItsCap, ()) {
  const int attempt = *rc::gen::inRange(2, 100);
  const Duration base(*rc::gen::inRange(10, 100'000));
  const Duration longest(*rc::gen::inRange(100'000, 10'000'000));
  const double uniform = *rc::gen::inRange(0, 1000) / 1000.0;
  const auto wait = backoff(attempt, base, longest, uniform);
  RC_ASSERT(wait >= base / 10 - 1ms);
  RC_ASSERT(wait <= longest);
  RC_ASSERT(wait <= backoff(attempt + 1, base, longest, uniform));
}

TEST(SystemRandom, GivesNumbersBelowOneAndIdsOfTheirOwn) {
  SystemRandom random;
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const double uniform = random.uniform();
    EXPECT_TRUE(uniform >= 0 && uniform < 1);
    const auto id = random.id();
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(ids.insert(id).second);
  }
}

}  // namespace
}  // namespace guard
