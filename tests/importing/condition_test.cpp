// SPDX-License-Identifier: Apache-2.0
//
// An alert fires where something is broken; an objective says what must hold.
#include "guard/config/quantity.hpp"
#include "guard/importing/argo_condition.hpp"
#include "guard/importing/bound.hpp"
#include "tests/importing/importing.hpp"

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace guard::importing::test {
namespace {

using namespace std::chrono_literals;
using model::Comparison;
using model::Unit;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string objective(const std::string& expr) {
  const auto [draft, refused] = alert(expr);
  return refused.empty() ? draft.objective : refused;
}

// --- The sense of a comparison

RC_GTEST_PROP(Condition, AnAlertFiresJustWhereTheObjectiveIsBroken, (int value, int bound)) {
  const auto [comparison, sign] =
      *rc::gen::elementOf(std::vector<std::pair<Comparison, std::string>>({{Comparison::less, "<"},
                                                                           {Comparison::less_equal, "<="},
                                                                           {Comparison::greater, ">"},
                                                                           {Comparison::greater_equal, ">="},
                                                                           {Comparison::equal, "=="},
                                                                           {Comparison::not_equal, "!="}}));
  const bool left = *rc::gen::arbitrary<bool>();
  const auto [draft, refused] =
      alert(left ? fmt::format("{} {} max(x)", bound, sign) : fmt::format("max(x) {} {}", sign, bound));
  RC_ASSERT(refused.empty());
  const auto read = config::parse_objective(draft.objective);
  RC_ASSERT(read.has_value());
  const bool fires = left ? model::holds(comparison, bound, value) : model::holds(comparison, value, bound);
  RC_ASSERT(model::holds(read->comparison, value, read->bound) == !fires);
}

TEST(Condition, AThresholdIsWorkedOut) {
  EXPECT_EQ(objective("max(x) > 2 * 50"), "<= 100");
  EXPECT_EQ(objective("max(x) > (14.4 * 0.001)"), "<= 0.0144");
  EXPECT_EQ(objective("max(x) < -1"), ">= -1");
  EXPECT_EQ(objective("max(x) > 1e15"), "<= 1e+15");
}

TEST(Condition, TwoValuesAreComparedByTheirDifference) {
  const auto [draft, refused] = alert("a + b > on (x) group_left (y) c / d");
  EXPECT_EQ(draft.expr, "(a + b) - on (x) group_left (y) (c / d)");
  EXPECT_EQ(draft.objective, "<= 0");
  EXPECT_TRUE(draft.reduce_any);
}

TEST(Condition, WhatAlwaysFiresIsRefused) {
  EXPECT_THAT(objective("max(x) > bool 5"), HasSubstr("bool"));
  EXPECT_THAT(objective("vector(1)"), HasSubstr("no metric"));
  EXPECT_THAT(objective("1 > 0"), HasSubstr("no metric"));
}

TEST(Condition, AComparisonWithinTheValueIsNoThreshold) {
  EXPECT_EQ(alert("count(up == 1) < 2").draft.expr, "count(up == 1)");
  EXPECT_EQ(alert("(x > bool 5) == 1").draft.expr, "(x > bool 5)");
}

// --- Several conditions

TEST(Condition, ASecondConditionOfSingleValuesSaysWhenTheFirstCounts) {
  const auto [draft, refused] = alert("max(x) > 5 and sum(rate(y[5m])) > 1", 5min);
  EXPECT_EQ(draft.expr, "max(x)");
  EXPECT_EQ(draft.only_if, "sum(rate(y[5m])) > 1");
  EXPECT_EQ(draft.on_too_few, "ignore");
  EXPECT_EQ(draft.objective, "<= 5");
}

TEST(Condition, ConditionsForEachSeriesStayInTheExpression) {
  const auto [draft, refused] = alert("x > 5 and on (a) y == 0 unless z");
  EXPECT_EQ(draft.expr, "x and on (a) (y == 0) unless z");
  EXPECT_EQ(draft.objective, "<= 5");
  EXPECT_EQ(draft.on_no_data, "ignore");
  EXPECT_THAT(draft.remarks, ElementsAre(HasSubstr("without a result")));
  EXPECT_EQ(alert("x > 5 and on (a) y").draft.on_no_data, "ignore");
}

TEST(Condition, WhereTheValueItselfHasAConditionTheAlertIsSilentToo) {
  for (const auto* expr : {"count(up == 1) < 2", "sum(rate(a[5m])) / (sum(rate(b[5m])) > 0) > 0.1", "a > b > c"})
    EXPECT_EQ(alert(expr).draft.on_no_data, "ignore") << expr;
  for (const auto* expr : {"max(x) > 1", "(x > bool 1) == 1", "(x or vector(0)) > 1", "max(x) > 1 and max(y) > 1"})
    EXPECT_EQ(alert(expr).draft.on_no_data, "") << expr;
  static const config::Source source("canary.yml", "");
  Draft of_others("latency", {&source, 0});
  put_held_where(of_others, "count(up == 1)", Comparison::greater, 1);
  EXPECT_EQ(of_others.on_no_data, "");  // where a canary without data is no good one
}

TEST(Condition, ABandBetweenTwoBoundsKeepsTheFirstInTheExpression) {
  const auto [draft, refused] = alert("0 < x < 5");
  EXPECT_EQ(draft.expr, "(0 < x)");
  EXPECT_EQ(draft.objective, ">= 5");
  EXPECT_EQ(draft.on_no_data, "ignore");
}

TEST(Condition, WhatIsNoBoundOfOneValueIsSaid) {
  EXPECT_THAT(objective("a > 1 or b > 2"), HasSubstr("`or`"));
  EXPECT_THAT(objective("a and b > 1"), HasSubstr("before its first `and`"));
  EXPECT_THAT(objective("ALERTS"), HasSubstr("no threshold"));
  EXPECT_THAT(objective("absent(up == 1)"), HasSubstr("nothing meets a condition"));
  EXPECT_THAT(objective("sum(rate(x[5m])"), HasSubstr("no PromQL"));
  EXPECT_THAT(objective("x{a=\"{{ b }}\"} > 1"), HasSubstr("{{"));
  EXPECT_THAT(objective("x > Inf"), testing::Not(IsEmpty()));
}

TEST(Condition, WhatMustBeThereIsCounted) {
  const auto [draft, refused] = alert("absent(up{job=\"a\"})");
  EXPECT_EQ(draft.expr, "count(up{job=\"a\"})");
  EXPECT_EQ(draft.objective, ">= 1");
  EXPECT_EQ(draft.on_no_data, "breach");
  EXPECT_EQ(alert("absent_over_time(up[5m])").draft.expr, "count(present_over_time(up[5m]))");
}

// --- Shares of events

Draft share(const std::string& expr) {
  return alert(expr, 10min).draft;
}

TEST(Shares, APartOfTheSameCounterIsOne) {
  const auto one = share("sum(rate(x{a=\"1\", code=~\"5..\"}[5m])) / sum(rate(x{a=\"1\"}[5m])) > 0.05");
  EXPECT_EQ(one.bad, "x{a=\"1\", code=~\"5..\"}");
  EXPECT_EQ(one.total, "x{a=\"1\"}");
  EXPECT_EQ(one.objective, "<= 5%");
  EXPECT_EQ(one.sustained, 0s);
}

TEST(Shares, HoweverItIsScaledAndTurned) {
  const std::string bad = "sum(rate(x{c=\"5\"}[5m]))";
  const std::string good = "sum(rate(x{c=\"2\"}[5m]))";
  const std::string all = "sum(rate(x[5m]))";
  EXPECT_EQ(share("100 * " + bad + " / " + all + " >= 5").objective, "< 5%");
  EXPECT_EQ(share(bad + " / " + all + " * 100 > 5").objective, "<= 5%");
  EXPECT_EQ(share("0.05 < " + bad + " / " + all).objective, "<= 5%");
  const auto one = share("1 - " + good + " / " + all + " > 0.05");
  EXPECT_EQ(one.good, "x{c=\"2\"}");
  EXPECT_EQ(one.objective, "<= 5%");
  EXPECT_EQ(share("100 - " + good + " / " + all + " * 100 >= 5").objective, "< 5%");
  EXPECT_EQ(share("(1 - " + good + " / " + all + ") * 100 > 5").objective, "<= 5%");
  const auto few = share(good + " / " + all + " < 0.999");
  EXPECT_EQ(few.good, "x{c=\"2\"}");
  EXPECT_EQ(few.objective, "<= 0.1%");
}

TEST(Shares, ABucketIsAPartOfItsCount) {
  const auto one = share("sum(rate(x_bucket{le=\"0.5\"}[5m])) / sum(rate(x_count[5m])) < 0.95");
  EXPECT_EQ(one.good, "x_bucket{le=\"0.5\"}");
  EXPECT_EQ(one.total, "x_count");
}

TEST(Shares, WhatTellsReleasesApartMayStandInBy) {
  EXPECT_FALSE(share("sum by (service) (rate(x{c=\"5\"}[5m])) / sum by (service) (rate(x[5m])) > 0.1").bad.empty());
}

TEST(Shares, NothingElseIsOne) {
  const std::string all = "sum(rate(x[5m]))";
  const std::vector<std::string> others{
      "sum(rate(y{c=\"5\"}[5m])) / " + all + " > 0.1",         // another counter
      "sum(rate(x{c=\"5\"}[1m])) / " + all + " > 0.1",         // another time
      "sum(irate(x{c=\"5\"}[5m])) / sum(irate(x[5m])) > 0.1",  // two samples only
      "sum by (pod) (rate(x{c=\"5\"}[5m])) / sum by (pod) (rate(x[5m])) > 0.1",
      "max(rate(x{c=\"5\"}[5m])) / max(rate(x[5m])) > 0.1",
      "sum(rate(x{c=\"5\"}[5m])) / sum(rate(x{a=\"b\"}[5m])) > 0.1",  // of others
      "sum(rate(x_bucket[5m])) / sum(rate(x_count[5m])) > 0.1",       // all buckets together
      "sum(rate(x{c=\"5\"}[5m] offset 1h)) / sum(rate(x[5m] offset 1h)) > 0.1",
      "sum(rate(x{c=\"5\"}[5m])) / " + all + " > 1",  // no share is above
      "sum(rate(x{c=\"5\"}[5m])) / " + all + " == 0.1",
      "sum(rate(x{c=\"5\"}[5m])) / " + all + " > 0.1 and " + all + " > 1"};
  for (const auto& expr : others) {
    EXPECT_TRUE(share(expr).total.empty()) << expr;
    EXPECT_FALSE(share(expr).expr.empty()) << expr;
  }
}

TEST(Shares, OneThatIsNoneKeepsItsUnit) {
  EXPECT_EQ(share("sum(rate(y[5m])) / sum(rate(x[5m])) > 0.05").objective, "<= 5%");
  EXPECT_EQ(share("100 * sum(rate(y[5m])) / sum(rate(x[5m])) > 5").objective, "<= 5");
}

// --- Series

TEST(Condition, OneOfSeveralSeriesBreaksIt) {
  for (const auto* expr : {"x > 1", "sum by (a) (x) > 1", "max(x) + y > 1", "topk(3, x) > 1", "rate(x[5m]) > 1",
                           "histogram_quantile(0.9, sum by (le, pod) (rate(x_bucket[5m]))) > 1"})
    EXPECT_TRUE(alert(expr).draft.reduce_any) << expr;
  for (const auto* expr : {"sum(x) > 1", "max(x) / sum(y) * 100 > 1", "time() - max(x) > 1",
                           "histogram_quantile(0.9, sum(rate(x_bucket[5m])) by (le)) > 1"})
    EXPECT_FALSE(alert(expr).draft.reduce_any) << expr;
}

// --- Units

TEST(Units, ABoundIsWrittenInThatOfItsMetric) {
  EXPECT_EQ(objective("max(x_seconds) > 0.5"), "<= 500ms");
  EXPECT_EQ(objective("time() - max(x_timestamp_seconds) > 3600"), "<= 1h");
  EXPECT_EQ(objective("max(x_milliseconds) / 1000 > 0.5"), "<= 500ms");
  EXPECT_EQ(objective("histogram_quantile(0.99, sum by (le) (rate(x_seconds_bucket[5m]))) > 2"), "<= 2s");
  EXPECT_EQ(objective("max(x_bytes) > 2 * 1024 ^ 3"), "<= 2GiB");
  EXPECT_EQ(objective("max(x_ratio) > 0.9"), "<= 90%");
}

TEST(Units, WhatIsInAnotherStaysANumber) {
  EXPECT_EQ(objective("max(x_milliseconds) > 500"), "<= 500");
  EXPECT_EQ(objective("sum(rate(x_seconds_total[5m])) > 0.5"), "<= 0.5");
  EXPECT_EQ(objective("count(x_seconds) > 3"), "<= 3");
  EXPECT_EQ(objective("max(x_bytes) / max(y_bytes) > 0.9"), "<= 0.9");
  EXPECT_EQ(objective("max(x_bytes) > 1000000000"), "<= 1000000000");
  EXPECT_EQ(objective("max(x_percent) > 90"), "<= 90");
  EXPECT_EQ(objective("max(x_seconds) - max(y) > 5"), "<= 5");
}

RC_GTEST_PROP(Units, WhatIsWrittenIsTheSameNumber, (double bound)) {
  RC_PRE(std::isfinite(bound));
  for (const auto unit : {Unit::number, Unit::ratio, Unit::seconds, Unit::bytes}) {
    const auto read = config::parse_objective(objective_text(Comparison::less, bound, unit));
    RC_ASSERT(read.has_value());
    RC_ASSERT(std::abs(read->bound - bound) <= 1e-11 * std::abs(bound));
  }
}

// --- Argo Rollouts

TEST(ArgoConditions, BoundsOfTheResultAreRead) {
  EXPECT_EQ(result_condition("result[0] >= 0.95"), (ResultCondition{{{Comparison::greater_equal, 0.95}}}));
  EXPECT_EQ(result_condition("(0.95 <= result)"), (ResultCondition{{{Comparison::greater_equal, 0.95}}}));
  EXPECT_EQ(result_condition("asFloat(result[0]) < 5 && result[0] > -1"),
            (ResultCondition{{{Comparison::less, 5}, {Comparison::greater, -1}}}));
  EXPECT_EQ(result_condition("result[0] < 5 or result[0] > 9"),
            (ResultCondition{{{Comparison::less, 5}, {Comparison::greater, 9}}, true}));
  EXPECT_EQ(result_condition("all(result, # < 5)"), (ResultCondition{{{Comparison::less, 5}}, false, true}));
  EXPECT_EQ(result_condition("any(result, {# > 5})"),
            (ResultCondition{{{Comparison::greater, 5}}, false, false, true}));
}

TEST(ArgoConditions, NoResultIsTold) {
  for (const auto* text : {"len(result) == 0 || result[0] < 5", "isNaN(result[0]) || result[0] < 5",
                           "len(result) < 1 or isNaN(result) or (result[0] < 5)"})
    EXPECT_EQ(result_condition(text), (ResultCondition{{{Comparison::less, 5}}, false, false, false, true})) << text;
}

TEST(ArgoConditions, WhatSaysMoreIsNotRead) {
  for (const auto* text : {"result == true", "result[0] >= result[1]", "result[0]", "result[0] + 1 > 2", "",
                           "len(result) == 0", "filter(result, # > 1)", "result.ok && result[0] < 1",
                           "result[0] < 1 && (result[0] > 0 || result[0] == 5)", "not (result[0] > 1)"})
    EXPECT_FALSE(result_condition(text)) << text;
}

}  // namespace
}  // namespace guard::importing::test
