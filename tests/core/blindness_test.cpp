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
  const auto why = blindness(within(2), p95, bounds({"0.1", "0.5", "1", "+Inf"}));
  ASSERT_TRUE(why);
  EXPECT_THAT(why->message,
              HasSubstr("bounds 0.1, 0.5, 1 and +Inf, and a quantile is never above 1, which keeps < 2s"));
}

TEST(Blindness, IsNoneWhereABoundLiesAtTheObjectiveOrAbove) {
  EXPECT_FALSE(blindness(within(2), p95, bounds({"1", "2.0", "+Inf"})));
  EXPECT_FALSE(blindness(within(2), p95, bounds({"1", "5", "+Inf"})));
}

TEST(Blindness, OfABoundThatMayBeReachedNeedsOneAbove) {
  auto rule = within(2);
  rule.objective.comparison = Comparison::less_equal;
  EXPECT_TRUE(blindness(rule, p95, bounds({"1", "2", "+Inf"})));
}

TEST(Blindness, CannotBeToldWithoutBounds) {
  EXPECT_FALSE(blindness(within(2), p95, {}));
  EXPECT_FALSE(blindness(within(2), p95, bounds({"+Inf", "many"})));
}

TEST(Blindness, IsAskedForWithTheBucketsOfTheQuantile) {
  EXPECT_THAT(bounds_queries(within(2), p95), ElementsAre("count by (le) (took_bucket{job=\"shop\"})"));
}

TEST(Blindness, IsAskedForThroughWhatKeepsTheQuantileOrMultipliesIt) {
  const std::string by_path = "histogram_quantile(0.95, sum by (le, path) (rate(took_bucket[5m])))";
  for (const auto& expr :
       {"max(" + p95 + ")", "(min by (path) (" + by_path + "))", "avg(" + by_path + ")", "sum(" + p95 + ")",
        "sum by (path) (" + by_path + ")", "1000 * " + p95, p95 + " * 60 / 2", "MAX(" + p95 + " * (60 * 60))"})
    EXPECT_EQ(bounds_queries(within(2), expr).size(), 1) << expr;
}

TEST(Blindness, OfAQuantileInAnotherUnitScalesTheBounds) {
  const auto why = blindness(within(2000), "1000 * max(" + p95 + ")", bounds({"0.5", "1", "+Inf"}));
  ASSERT_TRUE(why);
  EXPECT_THAT(why->message, HasSubstr("bounds 0.5, 1 and +Inf, and 1000 times a quantile is never above 1000, which"));
  EXPECT_FALSE(blindness(within(2), "1000 * " + p95, bounds({"0.5", "1", "+Inf"})));
  EXPECT_TRUE(blindness(within(2), p95 + " / 60", bounds({"60", "+Inf"})));
}

TEST(Blindness, IsNotAskedForWhereTheValueMayBeAboveTheQuantile) {
  const std::string by_path = "histogram_quantile(0.95, sum by (le, path) (rate(took_bucket[5m])))";
  for (const auto& expr :
       {p95 + " or vector(0)", std::string("sum(rate(took_bucket[5m]))"), p95 + " + 1", "-1 * " + p95, "2 / " + p95,
        p95 + " * " + p95, "sum(" + by_path + ")", "sum by (job) (" + by_path + ")", p95 + " ^ 2", "count(" + p95 + ")",
        std::string("sum(histogram_quantile(0.95, rate(took_bucket[5m])))")})
    EXPECT_THAT(bounds_queries(within(2), expr), IsEmpty()) << expr;
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
