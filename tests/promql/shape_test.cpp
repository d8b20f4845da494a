// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/shape.hpp"

#include <gmock/gmock.h>

namespace guard::promql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Shape, ARangeOrATextIsNoValue) {
  EXPECT_EQ(no_value("x{a=\"b\"}[5m]"), 8U);
  EXPECT_EQ(no_value("((x[5m] offset 1h))"), 3U);
  EXPECT_EQ(no_value("rate(x[5m])[1h:1m]"), 11U);
  EXPECT_EQ(no_value("'up'"), 0U);
  for (const auto* expr : {"rate(x[5m])", "x", "x + (y)", "max_over_time(rate(x[5m])[1h:1m])",
                           "label_replace(x, \"a\", \"[\", \"b\", \"\")"})
    EXPECT_FALSE(no_value(expr)) << expr;
}

TEST(Shape, WhatNamesNoMetricIsTheSameForEveryRelease) {
  for (const auto* expr : {"1", "vector(1)", "time()", "hour() > bool 3"}) EXPECT_FALSE(has_metric(expr)) << expr;
  for (const auto* expr : {"up", "time() - x", "{job=\"a\"}", "WITH (a = b) a"}) EXPECT_TRUE(has_metric(expr)) << expr;
}

TEST(Shape, AConditionAtTheOutsideLeavesNoResult) {
  EXPECT_EQ(condition_in("a > b"), 2U);
  EXPECT_EQ(condition_in("(up == 0)"), 4U);
  EXPECT_EQ(condition_in("a unless b"), 2U);
  EXPECT_EQ(condition_in("a and b > 5"), 2U);
  EXPECT_EQ(condition_in("a and (rate(b[5m]) > 5)"), 2U);
  EXPECT_EQ(condition_in("count(up == 0)"), 9U);
  EXPECT_EQ(condition_in("sum by (service) (x > 3)"), 20U);
  EXPECT_EQ(condition_in("sum(x > 3) by (service)"), 6U);
  EXPECT_EQ(condition_in("(a > b) or (c > d)"), 3U);
}

TEST(Shape, AConditionThatLeavesAResultIsFine) {
  for (const auto* expr :
       {"a > bool b", "a and b", "count(up == 0) or vector(0)", "(a > b) or c", "a / (b > 0)", "max(x > 0)",
        "x{a!=\"b\"}", "sum(rate(x{a!=\"b\"}[5m])) and y", "count(up == bool 0)", "a default 0", "sum(x) - sum(y)"})
    EXPECT_FALSE(condition_in(expr)) << expr;
}

TEST(Shape, AbsenceIsTheWholeExpression) {
  EXPECT_TRUE(is_absence("absent(up{job=\"a\"})"));
  EXPECT_TRUE(is_absence("(absent_over_time(up[5m]))"));
  EXPECT_FALSE(is_absence("absent(up) or vector(0)"));
  EXPECT_FALSE(is_absence("sum(absent(up))"));
}

TEST(Shape, AGroupingIsSeveralSeries) {
  EXPECT_THAT(grouping("sum by (instance) (x)", {})->labels, ElementsAre("instance"));
  EXPECT_THAT(grouping("sum(x) by (job, service)", {"service"})->labels, ElementsAre("job"));
  EXPECT_EQ(grouping("1 - sum(x) by (job)", {})->offset, 11U);
  EXPECT_EQ(grouping("100 - (avg by (job) (x) * 100)", {})->offset, 11U);
  EXPECT_THAT(grouping("topk(3, x)", {})->labels, IsEmpty());
  EXPECT_THAT(grouping("histogram_quantile(0.9, sum by (le, pod) (rate(x_bucket[5m])))", {})->labels,
              ElementsAre("pod"));
  EXPECT_THAT(grouping("histogram_quantile(0.9, sum(rate(x_bucket[5m])) by (le, pod))", {})->labels,
              ElementsAre("pod"));
}

TEST(Shape, WhatMayBeOneSeriesIsLeftAlone) {
  for (const auto* expr :
       {"sum(x)", "x", "sum by () (x)", "sum by (service) (x)", "max(sum by (pod) (x))", "sum without (pod) (x)",
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))", "histogram_quantile(0.9)", "sum by ("})
    EXPECT_FALSE(grouping(expr, {"service"})) << expr;
}

TEST(Shape, ACounterWithoutARangeIsTakenAsItIs) {
  EXPECT_EQ(raw_counter("sum(errors_total{a=\"b\"})")->name, "errors_total");
  EXPECT_EQ(raw_counter("rate(a_total[5m]) / b_total")->offset, 20U);
  EXPECT_TRUE(raw_counter("sum by (a) (errors_total)"));
  for (const auto* expr :
       {"rate(a_total[5m])", "max_over_time(a_total[5m:])", "count(a_total)", "a_total - a_total offset 5m",
        "count by (x) (a_total)", "absent(a_total)", "a_bytes", "timestamp(a_total)"})
    EXPECT_FALSE(raw_counter(expr)) << expr;
}

TEST(Shape, ARateNeedsTwoSamples) {
  EXPECT_TRUE(needs_two_samples("sum(rate(x[5m]))", 9));
  EXPECT_FALSE(needs_two_samples("max_over_time(x[5m])", 14));
  EXPECT_FALSE(needs_two_samples("x", 0));
}

TEST(Shape, SurvivesTextThatIsNoPromql) {
  for (const std::string_view text :
       {"", "(", ")))", "[", "]", "\"", "sum", "sum by", "sum by (", "by(", "topk(", ")(", "{", "((("}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(condition_in(text));
    EXPECT_FALSE(raw_counter(text));
    EXPECT_FALSE(is_absence(text));
    const auto grouped = grouping(text, {});
    EXPECT_TRUE(!grouped || grouped->offset < text.size());
    const auto range = no_value(text);
    EXPECT_TRUE(!range || *range < text.size());
  }
}

}  // namespace
}  // namespace guard::promql
