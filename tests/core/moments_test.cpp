// SPDX-License-Identifier: Apache-2.0
#include "guard/core/moments.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

TEST(Moments, EachMomentOfAStretchIsAReadingOfItsOwn) {
  StretchAnswer stretch;
  stretch.points = std::vector{sample(0.001, {}, moment()), sample(0.2, {}, moment(15s))};
  const auto read = evaluate_moments(error_rate(), shop(), stretch);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].outcome, Outcome::ok);
  EXPECT_EQ(read[1].outcome, Outcome::breach);
  EXPECT_EQ(read[1].at.wall, moment(15s).wall);
}

TEST(Moments, WhereTheConditionHasNoResultNothingIsJudged) {
  StretchAnswer stretch;
  stretch.points = std::vector{sample(0.2, {}, moment()), sample(0.2, {}, moment(15s))};
  stretch.condition = std::vector{sample(1, {}, moment(15s))};
  auto rule = error_rate();
  rule.only_if = promql::TextTemplate::parse("up", promql::TemplateKind::promql).value();
  const auto read = evaluate_moments(rule, shop(), stretch);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_NE(read[0].outcome, Outcome::breach);
  EXPECT_EQ(read[1].outcome, Outcome::breach);
}

TEST(Moments, AnErrorHasNone) {
  EXPECT_TRUE(by_moment(std::unexpected(SourceError{Reason::query_failed, "refused", true})).empty());
}

}  // namespace
}  // namespace guard::core
