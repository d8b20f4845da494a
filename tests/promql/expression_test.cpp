// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/expression.hpp"

#include <gmock/gmock.h>

namespace guard::promql {
namespace {

using testing::ElementsAre;

// The tree with all its parentheses: (a + (b * c)).
std::string shown(const Expression& expr) {
  if (expr.operands.empty()) return std::string(expr.text);
  const auto behind = expr.matching.empty() ? std::string() : " " + std::string(expr.matching);
  const auto sign = std::string(expr.operation) + behind;
  if (expr.operands.size() == 1) return "(" + sign + shown(expr.operands[0]) + ")";
  return "(" + shown(expr.operands[0]) + " " + sign + " " + shown(expr.operands[1]) + ")";
}

std::string shown(std::string_view text) {
  const auto expr = parse_expression(text, Syntax::promql_template);
  return expr ? shown(*expr) : "none";
}

TEST(Expression, OperatorsBindAsPrometheusHasThem) {
  EXPECT_EQ(shown("a or b and c unless d"), "(a or ((b and c) unless d))");
  EXPECT_EQ(shown("a + b * c > d - e"), "((a + (b * c)) > (d - e))");
  EXPECT_EQ(shown("1 < a < 5"), "((1 < a) < 5)");
  EXPECT_EQ(shown("a - b - c"), "((a - b) - c)");
  EXPECT_EQ(shown("2 ^ 3 ^ 2"), "(2 ^ (3 ^ 2))");
  EXPECT_EQ(shown("-a ^ 2 * b"), "((-(a ^ 2)) * b)");
  EXPECT_EQ(shown("a AND b"), "(a AND b)");
}

TEST(Expression, CallsSelectorsAndRangesAreOneOperand) {
  for (const auto* text :
       {"x", "x{a=\"b > 1\"}", "{__name__=\"x\"}", "rate(x[5m] offset 1d)", "sum by (a, b) (x > 1)", "sum(x) by (a)",
        "x offset -5m", "x @ end()", "max_over_time(rate(x[5m])[1h:1m])", "(a + b)[5m:]", "histogram_quantile(0.9, x)",
        "x[{{ window_since_live \"5m\" }}]", "'text'", "by"})
    EXPECT_EQ(shown(text), text);
  EXPECT_EQ(shown("sum(x) by (a) / sum(y) by (a)"), "(sum(x) by (a) / sum(y) by (a))");
  EXPECT_EQ(shown("x offset 5m > 3"), "(x offset 5m > 3)");
}

TEST(Expression, KeepsWhatStandsBehindAnOperator) {
  EXPECT_EQ(shown("a > bool 1"), "(a > bool 1)");
  EXPECT_EQ(shown("a * on (x, y) group_left (z) b + 1"), "((a * on (x, y) group_left (z) b) + 1)");
  EXPECT_TRUE(parse_expression("a > bool 1", Syntax::promql)->is_bool);
}

TEST(Expression, ParenthesesAroundTheWholeAreNoPartOfIt) {
  const auto expr = parse_expression(" ( (a > 1) # why\n ) ", Syntax::promql);
  ASSERT_TRUE(expr);
  EXPECT_EQ(expr->text, "a > 1");
  EXPECT_EQ(parse_expression("(a + b) * (c)", Syntax::promql)->text, "(a + b) * (c)");
}

TEST(Expression, NumbersAreWorkedOut) {
  const auto number = [](std::string_view text) { return parse_expression(text, Syntax::promql)->number; };
  EXPECT_DOUBLE_EQ(number("14.4 * 0.001").value_or(0), 0.0144);
  EXPECT_EQ(number("(1 + 2) * 3 - 2 ^ 3 % 5"), 6);
  EXPECT_EQ(number("-0x10"), -16);
  EXPECT_EQ(number("1_000"), 1000);
  EXPECT_EQ(number("1h30m"), 5400);
  for (const auto* text : {"x", "1 + x", "1 > 0", "1 == bool 1", "vector(1)", "'1'"})
    EXPECT_FALSE(number(text)) << text;
}

TEST(Expression, WhatIsNoExpressionHasNoTree) {
  for (const auto* text :
       {"", "a >", "> 1", "a b", "(a", "a)", "sum(x", "x{", "a if b", "a or or b", "and", "a,b", "1 +"})
    EXPECT_EQ(shown(text), "none") << text;
}

TEST(Expression, ATreeIsNeverDeeperThanCanBeWalked) {
  std::string sum = "a";
  for (int i = 0; i < 100'000; ++i) sum += "+a";
  EXPECT_FALSE(parse_expression(sum, Syntax::promql));
  EXPECT_FALSE(parse_expression(std::string(100'000, '(') + "a", Syntax::promql));
  EXPECT_FALSE(parse_expression(std::string(100'000, '-') + "a", Syntax::promql));
  std::string power = "2";
  for (int i = 0; i < 100'000; ++i) power += "^2";
  EXPECT_FALSE(parse_expression(power, Syntax::promql));
}

TEST(Expression, AWholeCallTellsItsLabels) {
  const auto call = whole_call("sum by (a, b) (rate(x[5m]))", Syntax::promql);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->name, "sum");
  EXPECT_EQ(call->inside, "rate(x[5m])");
  EXPECT_THAT(call->labels, ElementsAre("a", "b"));
  EXPECT_TRUE(whole_call("sum(x) without (a)", Syntax::promql)->without);
  EXPECT_FALSE(whole_call("sum(x) + 1", Syntax::promql));
  EXPECT_FALSE(whole_call("x{a=\"b\"}", Syntax::promql));
  EXPECT_EQ(whole_call("time()", Syntax::promql)->inside, "");
}

}  // namespace
}  // namespace guard::promql
