// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/lint.hpp"

#include <gtest/gtest.h>

namespace guard::promql {
namespace {

using namespace std::chrono_literals;

TEST(PromqlLint, FindsAThresholdWhereTheWholeExpressionIsAComparison) {
  EXPECT_EQ(threshold_in("x > 5"), 2U);
  EXPECT_EQ(threshold_in("5 < x"), 2U);
  EXPECT_EQ(threshold_in("sum(a) / sum(b) >= 1e-2"), 16U);
  EXPECT_EQ(threshold_in("x == 1 # as it should be"), 2U);
  EXPECT_EQ(threshold_in("x !=-1"), 2U);
  EXPECT_EQ(threshold_in("x >"), 2U);
  EXPECT_EQ(threshold_in("< 5"), 0U);
  EXPECT_EQ(threshold_in("x > y > 5"), 6U);
  EXPECT_EQ(threshold_in("x > +0x1F"), 2U);
  EXPECT_EQ(threshold_in("x < 5m"), 2U) << "300 seconds";
}

TEST(PromqlLint, LeavesConditionsAlone) {
  for (const auto* expr : {"sum(x > 5)", "count(up == 1)", "x{a=~\"b>5\",c!=\"<\"}", "x > y", "x > bool 5",
                           "x and y > 5", "x unless y < 1", "x OR vector(0)", "x[5m:1m] # > 5", "'> 5'",
                           "x - ((y > 5) * 2)", "x{le=\"\\\">5\"}", "android > origin"})
    EXPECT_FALSE(threshold_in(expr)) << expr;
}

TEST(PromqlLint, FindsTheQuoteOrBracketWithoutItsOtherHalf) {
  const auto offset = [](std::string_view expr) { return unbalanced(expr).value_or(Unbalanced{99, "", ""}).offset; };
  EXPECT_EQ(offset("max(x{a=\"b\"}"), 3U);
  EXPECT_EQ(offset("max(x[5m)"), 8U);
  EXPECT_EQ(offset("x)"), 1U);
  EXPECT_EQ(offset("x{a='b}"), 4U);
  EXPECT_EQ(offset("x{a=\"b\\\"}"), 4U);
  EXPECT_EQ(offset("x{a=\"b\"} + y{c=\"d}"), 15U);
}

TEST(PromqlLint, FindsNoFaultWithWhatIsBalanced) {
  for (const auto* expr : {"x{a=\")\",b='[',c=`{\\`}", "x # (", "(x[5m:1m])", "rate(x[{{ window_since_live \"5m\" }}])",
                           "x{a=\"{{ service }}\",b=~\"{{ labels.team }}|b\\\\\"}", "\"\"", ""})
    EXPECT_FALSE(unbalanced(expr)) << expr;
}

TEST(PromqlLint, FindsTheLongestLiteralRange) {
  EXPECT_FALSE(longest_range("x{a=\"[5m]\"}"));
  EXPECT_FALSE(longest_range("rate(x[{{ window_since_live \"5m\" }}])"));
  EXPECT_EQ(longest_range("rate(x[5m])")->length, 5min);
  EXPECT_EQ(longest_range("max_over_time(rate(x[5m])[30m:1m])")->length, 30min);
  EXPECT_EQ(longest_range("rate(x[1m]) + rate(y[2m])")->offset, 20U);
  EXPECT_FALSE(longest_range("rate(x[5m"));
}

TEST(PromqlLint, FindsTheLongestOffsetIntoThePast) {
  EXPECT_FALSE(longest_offset("x{offset=\"offset 5m\"} offset -1h # offset 1d"));
  EXPECT_EQ(longest_offset("x offset 1m + y OFFSET 2m")->length, 2min);
  EXPECT_EQ(longest_offset("x offset 1m + y OFFSET 2m")->offset, 16U);
  EXPECT_EQ(longest_offset("x offset 1m + y offset 1d", 1h)->length, 1min);
  EXPECT_EQ(longest_offset("x # at\n offset # the\n 90")->length, 90s);
}

TEST(PromqlLint, KnowsSharesOfEvents) {
  EXPECT_TRUE(is_share_of_events("sum(rate(a[5m])) / sum(rate(b[5m]))"));
  EXPECT_TRUE(is_share_of_events("1 - sum(increase(a[5m])) / sum(increase(b[5m]))"));
  EXPECT_FALSE(is_share_of_events("sum(rate(cpu[5m])) / sum(machine_cpu_cores)"));
  EXPECT_FALSE(is_share_of_events("memory / limit"));
  EXPECT_FALSE(is_share_of_events("rate(a[5m])"));
}

TEST(PromqlLint, KnowsARateOfEvents) {
  EXPECT_TRUE(is_rate_of_events("sum(rate(a{b=\"c\"}[5m]))"));
  EXPECT_TRUE(is_rate_of_events("sum(increase(a[{{ window_since_live \"5m\" }}]))"));
  EXPECT_TRUE(is_rate_of_events("rate(a[5m])"));
  EXPECT_FALSE(is_rate_of_events("sum(rate(a[5m])) / sum(rate(b[5m]))"));
  EXPECT_FALSE(is_rate_of_events("sum by (c) (rate(a[5m]))")) << "several series, each held against its own";
  EXPECT_FALSE(is_rate_of_events("sum(a)"));
  EXPECT_FALSE(is_rate_of_events("max(rate(a[5m]))"));
  EXPECT_FALSE(is_rate_of_events(""));
}

TEST(PromqlLint, SurvivesTextThatIsNoPromql) {
  for (const auto* expr : {"", "(", ")))", "[", "]", "\"", "'\\", "{{{{", "#", "/", "><=!", "((((((["}) {
    const std::string_view text = expr;
    SCOPED_TRACE(text);
    const auto threshold = threshold_in(text);
    EXPECT_EQ(threshold.has_value(), text == "><=!");
    EXPECT_TRUE(!threshold || *threshold < text.size());
    EXPECT_FALSE(longest_range(text));
    EXPECT_FALSE(is_share_of_events(text));
    const auto fault = unbalanced(text);
    const bool balanced = text.find_first_of("()[]{}\"'") == std::string_view::npos;
    EXPECT_EQ(fault.has_value(), !balanced);
    EXPECT_TRUE(!fault || (fault->offset < text.size() && !fault->message.empty()));
  }
}

}  // namespace
}  // namespace guard::promql
