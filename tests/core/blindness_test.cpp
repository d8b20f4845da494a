// SPDX-License-Identifier: Apache-2.0
//
// Rules that cannot break with the histograms there are.
#include "guard/core/blindness.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string p95 = "histogram_quantile(0.95, sum by (le) (rate(took_bucket{job=\"shop\"}[5m])))";

Rule within(double seconds) {
  auto rule = error_rate();
  rule.objective = {Comparison::less, seconds, Unit::seconds, false};
  return rule;
}

std::vector<Sample> bounds(const std::vector<std::string>& les) {
  std::vector<Sample> out;
  for (const auto& le : les) out.push_back(sample(1, {{"le", le}}));
  return out;
}

TEST(Blindness, OfAQuantileWhoseBucketsEndBelowTheObjective) {
  const auto why = blindness(within(2), bounds({"0.1", "0.5", "1", "+Inf"}));
  ASSERT_TRUE(why);
  EXPECT_THAT(why->message,
              HasSubstr("bounds 0.1, 0.5, 1 and +Inf, and a quantile is never above 1, which keeps < 2s"));
}

TEST(Blindness, IsNoneWhereABoundLiesAtTheObjectiveOrAbove) {
  EXPECT_FALSE(blindness(within(2), bounds({"1", "2.0", "+Inf"})));
  EXPECT_FALSE(blindness(within(2), bounds({"1", "5", "+Inf"})));
}

TEST(Blindness, OfABoundThatMayBeReachedNeedsOneAbove) {
  auto rule = within(2);
  rule.objective.comparison = Comparison::less_equal;
  EXPECT_TRUE(blindness(rule, bounds({"1", "2", "+Inf"})));
}

TEST(Blindness, CannotBeToldWithoutBounds) {
  EXPECT_FALSE(blindness(within(2), {}));
  EXPECT_FALSE(blindness(within(2), bounds({"+Inf", "many"})));
}

TEST(Blindness, IsAskedForWithTheBucketsOfTheQuantile) {
  EXPECT_THAT(bounds_queries(within(2), p95), ElementsAre("count by (le) (took_bucket{job=\"shop\"})"));
}

TEST(Blindness, IsNotAskedForWhereTheQuantileIsNotTheValue) {
  EXPECT_THAT(bounds_queries(within(2), "1000 * " + p95), IsEmpty());
  EXPECT_THAT(bounds_queries(within(2), p95 + " or vector(0)"), IsEmpty());
  EXPECT_THAT(bounds_queries(within(2), "sum(rate(took_bucket[5m]))"), IsEmpty());
}

TEST(Blindness, IsNotAskedForWhereMoreIsBetter) {
  auto rule = within(2);
  rule.objective.comparison = Comparison::greater;
  EXPECT_THAT(bounds_queries(rule, p95), IsEmpty());
}

TEST(NestedBuckets, AreThoseOfOneHistogramAtOneMoment) {
  const auto bucket = [](const std::string& path, const std::string& le, Duration later = Duration{0}) {
    return sample(1, {{"path", path}, {"le", le}}, moment(later));
  };
  EXPECT_TRUE(nested_buckets({bucket("/", "1"), bucket("/", "3")}, "good"));
  EXPECT_FALSE(nested_buckets({bucket("/", "1"), bucket("/pay", "3")}, "good"));
  EXPECT_FALSE(nested_buckets({bucket("/", "1"), bucket("/", "1.0")}, "good")) << "as two versions write it";
  EXPECT_FALSE(nested_buckets({bucket("/", "1"), bucket("/", "3", interval)}, "good")) << "a version before it";
}

}  // namespace
}  // namespace guard::core
