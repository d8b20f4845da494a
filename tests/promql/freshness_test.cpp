// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/freshness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::promql {

std::ostream& operator<<(std::ostream& out, const PlainSelector& selector) {
  return out << selector.text << " over \"" << selector.range << '"';
}

namespace {

Selectors of(std::string_view expr) {
  return read_selectors(expr, Syntax::promql);
}

struct Case {
  const char* expr;
  std::vector<PlainSelector> selectors;
};

void expect_all(const std::vector<Case>& cases) {
  for (const auto& c : cases) EXPECT_EQ(plain_selectors(of(c.expr)), c.selectors) << c.expr;
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
      {"max_over_time(sum(rate(x[5m])) by (a)[1h:1m])", {{"x", "1h10m"}}},
      {"z / max_over_time((x / z)[1h:1m])", {{"z", ""}, {"x", "1h5m"}, {"z", "1h5m"}}},
  });
}

TEST(Freshness, BrokenExpressionsEndSomewhere) {
  for (const char* expr :
       {"x{", "x{a=\"", "x[", "x[5m", "(((", ")))", "x{a='\\", "\"", "`", "x offset", "x @", "by (", "'\\"})
    plain_selectors(of(expr));
  SUCCEED();
}

TEST(Freshness, AsksForTheAgeOfEachSelector) {
  const std::string age = "time() - max by (service, environment, version) ";
  EXPECT_TRUE(age_queries(of("1 + time()")).now.empty());
  EXPECT_EQ(age_queries(of("up")).now, std::vector{age + "(timestamp(up))"});
  EXPECT_EQ(age_queries(of("a / b offset 1h - c")).now, (std::vector{age + "(timestamp(a))", age + "(timestamp(c))"}));
  EXPECT_TRUE(age_queries(of("a / b")).ended.empty()) << "only a range still reaches to what has ended";
}

TEST(Freshness, AsksForTheLastSamplesOfARangeApart) {
  using Ended = std::vector<std::pair<std::size_t, std::string>>;
  const auto queries = age_queries(of("b / rate(a[5m])"));
  EXPECT_EQ(queries.now.size(), 2U);
  EXPECT_EQ(queries.ended, (Ended{{1,
                                   "time() - max by (service, environment, version) "
                                   "(max_over_time(timestamp(a)[5m:5s]))"}}));
  EXPECT_THAT(age_queries(of("rate(a[10s])")).ended[0].second, testing::HasSubstr("[10s:1s]"));
  EXPECT_THAT(age_queries(of("rate(a[90s])")).ended[0].second, testing::HasSubstr("[90s:1s500ms]"));
}

TEST(Freshness, EqualSelectorsAskEqualQuestions) {
  EXPECT_EQ(age_queries(of("rate(a[5m]) / b")).now[0], age_queries(of("c + rate(a[5m])")).now[1]);
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
      {"x offset 1m[10m:1m]", {minutes(1), minutes(11)}},
      {"x / x @ 1609746000", {}},
      {"x / x offset 1m @ 1609746000", {}},
      {"1 + 1", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(reach(of(c.expr), hours(2)), c.back) << c.expr;
}

TEST(Freshness, DoesNotAskForNamesThatAnExpressionDefines) {
  EXPECT_TRUE(age_queries(of("WITH (f(q) = rate(q[5m])) f(x) / f(y)")).now.empty());
  EXPECT_EQ(age_queries(of("with / x")).now.size(), 2U) << "a metric of that name";
}

}  // namespace
}  // namespace guard::promql
