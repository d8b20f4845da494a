// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/freshness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::promql {

std::ostream& operator<<(std::ostream& out, const PlainSelector& selector) {
  return out << selector.text << " over \"" << selector.range << '"';
}

namespace {

struct Case {
  const char* expr;
  std::vector<PlainSelector> selectors;
};

void expect_all(const std::vector<Case>& cases) {
  for (const auto& c : cases) EXPECT_EQ(plain_selectors(c.expr), c.selectors) << c.expr;
}

TEST(Freshness, FindsMetricsWithTheirMatchersAndRanges) {
  expect_all({
      {"up", {{"up", ""}}},
      {"up{job=\"a\"}", {{"up{job=\"a\"}", ""}}},
      {"up { job = \"a\" } [5m]", {{"up { job = \"a\" }", "5m"}}},
      {"rate(x[5m])", {{"x", "5m"}}},
      {"job:http_errors:rate5m", {{"job:http_errors:rate5m", ""}}},
      {":aggregate", {{":aggregate", ""}}},
      {"{__name__=\"up\"}", {{"{__name__=\"up\"}", ""}}},
      {"{__name__=~\"a|b\",c=\"d\"}[1h30m]", {{"{__name__=~\"a|b\",c=\"d\"}", "1h30m"}}},
      {"a / b", {{"a", ""}, {"b", ""}}},
      {"a / a", {{"a", ""}}},
      {"rate(a[5m]) / rate(a[1m])", {{"a", "5m"}, {"a", "1m"}}},
      {"sum(rate(x{s=~\"5..\"}[5m])) / sum(rate(x[5m]))", {{"x{s=~\"5..\"}", "5m"}, {"x", "5m"}}},
      {"histogram_quantile(0.95, sum by (le) (rate(h_bucket[5m])))", {{"h_bucket", "5m"}}},
  });
}

TEST(Freshness, TellsSelectorsFromEverythingElse) {
  expect_all({
      {"", {}},
      {"1 + 2e-3 * 0x1F - .5", {}},
      {"time() - 5", {}},
      {"vector(1) > bool Inf", {}},
      {"scalar(x) + NaN", {{"x", ""}}},
      {"a and on(job, instance) b", {{"a", ""}, {"b", ""}}},
      {"a unless ignoring (c) b or d", {{"a", ""}, {"b", ""}, {"d", ""}}},
      {"a * on(job) group_left(version, by) info", {{"a", ""}, {"info", ""}}},
      {"a * on(job) group_right info", {{"a", ""}, {"info", ""}}},
      {"sum by (le, on) (x)", {{"x", ""}}},
      {"sum(x) without (instance)", {{"x", ""}}},
      {"topk(3, x) == bool 1", {{"x", ""}}},
      {"count_values(\"build\", b)", {{"b", ""}}},
      {"label_replace(x, \"to\", \"$1\", \"from\", \"(.*)y{}\")", {{"x", ""}}},
      {"SUM BY (job) (x) AND y", {{"x", ""}, {"y", ""}}},
      {"-x ^ 2 % 3 atan2 y", {{"x", ""}, {"y", ""}}},
      {"x > 5m", {{"x", ""}}},
  });
}

TEST(Freshness, IsNotFooledByStringsAndComments) {
  expect_all({
      {"x{a=\"}\",b=\"\\\"{\"}", {{"x{a=\"}\",b=\"\\\"{\"}", ""}}},
      {"x{a='it\\'s'} + `raw y`", {{"x{a='it\\'s'}", ""}}},
      {"x # y { [ ( \" ' \n + z", {{"x", ""}, {"z", ""}}},
      {"x{ # it's a comment }\n a=\"b\" }", {{"x{ # it's a comment }\n a=\"b\" }", ""}}},
      {"x # the name\n {a=\"b\"}[5m]", {{"x # the name\n {a=\"b\"}", "5m"}}},
      {"# only words", {}},
  });
}

TEST(Freshness, LeavesOutWhatLooksAtAnotherTime) {
  expect_all({
      {"x offset 1d", {}},
      {"x OFFSET -5m", {}},
      {"x{a=\"b\"}[5m] offset 1w", {}},
      {"x @ 1609746000", {}},
      {"x @ end()", {}},
      {"rate(x[5m] @ start()) + y", {{"y", ""}}},
      {"x / x offset 1d", {{"x", ""}}},
      {"max_over_time(rate(x[5m])[1h:1m] offset 1d) + y", {{"y", ""}}},
      {"(x + y) [1h:] @ 5", {}},
      {"z / sum_over_time((x / z)[1h:1m] offset 1d)", {{"z", ""}}},
  });
}

TEST(Freshness, ASubqueryLooksBackFurther) {
  expect_all({
      {"max_over_time(x[1h:1m])", {{"x", "1h5m"}}},
      {"max_over_time(x[1h:])", {{"x", "1h5m"}}},
      {"max_over_time(sum(x)[1h:1m])", {{"x", "1h5m"}}},
      {"max_over_time(rate(x[5m])[1h:1m])", {{"x", "1h10m"}}},
      {"max_over_time(max_over_time(rate(x[5m])[10m:])[1h:1m]) / y", {{"x", "1h25m"}, {"y", ""}}},
  });
}

TEST(Freshness, BrokenExpressionsEndSomewhere) {
  for (const char* expr :
       {"x{", "x{a=\"", "x[", "x[5m", "(((", ")))", "x{a='\\", "\"", "`", "x offset", "x @", "by (", "'\\"})
    plain_selectors(expr);
  SUCCEED();
}

TEST(Freshness, AsksForTheAgeOfEachSelector) {
  EXPECT_EQ(freshness_query("1 + time()"), std::nullopt);
  EXPECT_EQ(freshness_query("up"),
            "label_replace(time() - max by (service, environment, version) (timestamp(up)), \"selector\", \"1\", \"\", "
            "\"\")");
  EXPECT_EQ(
      freshness_query("a / b offset 1h - c"),
      "label_replace(time() - max by (service, environment, version) (timestamp(a)), \"selector\", \"1\", \"\", \"\") "
      "or "
      "label_replace(time() - max by (service, environment, version) (timestamp(c)), \"selector\", \"2\", \"\", \"\")");
}

TEST(Freshness, AsksForTheLastSamplesOfARangeWhereNothingIsThereNow) {
  EXPECT_EQ(freshness_query("rate(a[5m]) / b"),
            "label_replace(time() - max by (service, environment, version) (timestamp(a)), \"selector\", \"1\", \"\", "
            "\"\") or "
            "label_replace(time() - max by (service, environment, version) (timestamp(b)), \"selector\", \"2\", \"\", "
            "\"\") or on (service, environment, version) ("
            "label_replace(time() - max by (service, environment, version) (max_over_time(timestamp(a)[5m:5s])), "
            "\"selector\", \"1\", \"\", \"\"))");
  EXPECT_THAT(*freshness_query("rate(a[10s])"), testing::HasSubstr("[10s:1s]"));
  EXPECT_THAT(*freshness_query("rate(a[90s])"), testing::HasSubstr("[90s:1s500ms]"));
}

TEST(Freshness, Fault21KnowsHowFarBackAnExpressionMeasures) {
  using std::chrono::hours;
  using std::chrono::minutes;
  const struct {
    const char* expr;
    Reach back;
  } cases[] = {
      {"x", {}},
      {"rate(x[5m])", {Duration{0}, minutes(5)}},
      {"x offset 1m", {minutes(1), minutes(1)}},
      {"rate(x[5m] OFFSET 1m) / y", {minutes(1), minutes(6)}},
      {"x offset -1m", {}},
      {"max_over_time(rate(x[5m])[10m:1m])", {Duration{0}, minutes(15)}},
      {"max_over_time(rate(x[5m] offset 1m)[10m:1m] offset 2m)", {minutes(3), minutes(18)}},
      {"rate(x[5m]) / rate(x[5m] offset 1w)", {Duration{0}, minutes(5)}},
      {"rate(x[5m] offset 1w)", {hours(168), hours(168) + minutes(5)}},
      {"x / x @ 1609746000", {}},
      {"1 + 1", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(reach(c.expr, hours(2)), c.back) << c.expr;
}

TEST(Freshness, DoesNotAskForNamesThatAnExpressionDefines) {
  EXPECT_EQ(freshness_query("WITH (f(q) = rate(q[5m])) f(x) / f(y)"), std::nullopt);
  EXPECT_NE(freshness_query("with / x"), std::nullopt) << "a metric of that name";
}

}  // namespace
}  // namespace guard::promql
