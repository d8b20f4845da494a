// SPDX-License-Identifier: Apache-2.0
#include "guard/core/counter_answer.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

TEST(CounterAnswer, OneThatFailedKeepsItsReason) {
  const auto told = no_answer(error_rate(), std::unexpected(SourceError{Reason::query_failed, "refused", true}));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->outcome, Outcome::error);
  EXPECT_EQ(told->reason, Reason::query_failed);
}

TEST(CounterAnswer, OneOfTooManySamplesIsNoneAndSaysSo) {
  EXPECT_FALSE(no_answer(error_rate(), std::vector<Sample>(most_counted_samples)));
  const auto told = no_answer(error_rate(), std::vector<Sample>(most_counted_samples + 1));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->reason, Reason::wrong_type);
}

TEST(CounterAnswer, WithoutASeriesOfTheReleaseNothingIsTold) {
  const std::vector others{sample(1, {{"version", "9"}})};
  const auto told = unusable(error_rate(), others, {}, moment());
  ASSERT_TRUE(told);
  EXPECT_EQ(told->outcome, Outcome::no_data);
  EXPECT_EQ(told->reason, Reason::empty_result);
}

TEST(CounterAnswer, TheNewestSampleMayBeAsOldAsTheRuleSays) {
  auto rule = error_rate();
  rule.max_age = 2min;
  const std::vector mine{sample(1), sample(2, {}, moment(1min))};
  EXPECT_FALSE(unusable(rule, mine, mine, moment(3min)));
  EXPECT_EQ(unusable(rule, mine, mine, moment(3min + 1s))->reason, Reason::stale_sample);
  rule.max_age = Duration{0};
  EXPECT_FALSE(unusable(rule, mine, mine, moment(3h))) << "the rule does not ask";
}

}  // namespace
}  // namespace guard::core
