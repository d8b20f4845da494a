// SPDX-License-Identifier: Apache-2.0
//
// What Prometheus' own parser finds too, over many expressions, is in test_oracle.py. Here is what it cannot say.
#include "guard/promql/selectors.hpp"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::promql {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// "x [5m]1 @end()9": each selector with its modifiers and where they begin.
std::vector<std::string> found(std::string_view expr, Syntax syntax = Syntax::promql) {
  constexpr const char* signs[] = {"range", "subquery", "offset", "at"};
  std::vector<std::string> out;
  for (const auto& selector : read_selectors(expr, syntax).found) {
    auto& line = out.emplace_back(selector.text);
    for (const auto& modifier : selector.modifiers)
      line +=
          fmt::format(" | {} {} at {}", signs[static_cast<std::size_t>(modifier.kind)], modifier.text, modifier.begin);
  }
  return out;
}

TEST(Selectors, TellWhatMovesThemFromWithinOutward) {
  EXPECT_THAT(found("(x[5m] offset 1d)[1h:1m] @ end()"),
              ElementsAre("x | range 5m at 2 | offset 1d at 7 | subquery 1h at 17 | at end() at 25"));
  EXPECT_THAT(found("a + b offset 1d"), ElementsAre("a", "b | offset 1d at 6"));
  EXPECT_THAT(found("sum(a) by (b)[1h:]"), ElementsAre("a | subquery 1h at 13"));
}

TEST(Selectors, AWordAfterAnOperandIsAnOperatorWhateverItsName) {
  EXPECT_THAT(found("a default b"), ElementsAre("a", "b")) << "an operator of MetricsQL";
  EXPECT_THAT(found("a ifnot (b) if 5 default c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(found("rate(a[5m]) keep_metric_names / b"), ElementsAre("a | range 5m at 6", "b"));
  EXPECT_THAT(found("and + or"), ElementsAre("and", "or")) << "metrics of these names";
}

TEST(Selectors, WhatTheOracleCannotReadHidesNothing) {
  EXPECT_THAT(found("rate(x[max(5m, 1m)]) + y"), ElementsAre("x | range max(5m, 1m) at 6", "y"));
  EXPECT_THAT(found("x offset max(5m, 1m) + y"), ElementsAre("x | offset max(5m, 1m) at 2", "y"));
  EXPECT_THAT(found("sum(offset offset 5m)"), ElementsAre("offset | offset 5m at 11"));
}

TEST(Selectors, NamesThatTheExpressionDefinesAreTold) {
  EXPECT_TRUE(read_selectors("WITH (r = rate(x[5m])) r / 2", Syntax::promql).defines_names);
  EXPECT_FALSE(read_selectors("with / x", Syntax::promql).defines_names);
  EXPECT_THAT(found("WITH (a = b) a offset 5m"), ElementsAre("a", "b", "a | offset 5m at 15"))
      << "the definition among them";
}

TEST(Selectors, AFieldIsTheRangeItStandsFor) {
  EXPECT_THAT(found("rate(x{a=\"{{ service }}\"}[{{ w \"5m\" }}] offset 1h)", Syntax::promql_template),
              ElementsAre("x{a=\"{{ service }}\"} | range {{ w \"5m\" }} at 25 | offset 1h at 40"));
}

TEST(Selectors, ARangeThatIsNeverClosedIsNone) {
  EXPECT_THAT(found("x[5m"), ElementsAre("x"));
  EXPECT_THAT(found("x["), ElementsAre("x"));
  EXPECT_THAT(found("x{a=\"b\"[5m]"), ElementsAre("x{a=\"b\"[5m]"));
  EXPECT_THAT(found("(((1"), IsEmpty());
}

TEST(Selectors, KnowHowLongAModifierIs) {
  const auto length = [](std::string_view expr) {
    return read_selectors(expr, Syntax::promql).found[0].modifiers[0].length();
  };
  EXPECT_EQ(length("x[1h30m]"), 90min);
  EXPECT_EQ(length("x[1h30m:1m]"), 90min);
  EXPECT_EQ(length("x offset -5m"), -5min);
  EXPECT_EQ(length("x offset - 5m"), -5min);
  EXPECT_EQ(length("x offset +5m"), 5min);
  EXPECT_EQ(length("x[90]"), 90s) << "a number is seconds";
  EXPECT_EQ(length("x[0.25]"), 250ms);
  for (const auto* expr : {"x @ 5", "x[step()]", "x[5m + 1m]", "x[]", "x offset", "x[1e99]", "x[NaN]"})
    EXPECT_FALSE(length(expr)) << expr;
}

TEST(Selectors, TakeOtherMatchersInPlaceOfTheirOwnOnTheSameLabels) {
  const auto with = [](std::string_view selector, const std::vector<std::string>& matchers) {
    return with_matchers(selector, matchers, Syntax::promql_template);
  };
  EXPECT_EQ(with("up", {"job=\"b\""}), "up{job=\"b\"}");
  EXPECT_EQ(with("up{job=\"a\", code=~\"5..|,}\"}", {"job!=\"{{ service }}\""}),
            "up{code=~\"5..|,}\",job!=\"{{ service }}\"}");
  EXPECT_EQ(with("up{job=\"a\",job!=\"b\",}", {" job=~\"c|d\"", "env=\"x\" "}), "up{job=~\"c|d\",env=\"x\"}");
  EXPECT_EQ(with("{__name__=\"up\"}", {"job=\"b\""}), "{__name__=\"up\",job=\"b\"}");
  EXPECT_EQ(with("up{}", {}), "up{}");
}

TEST(Selectors, TakeOtherMatchersEverywhereInAnExpression) {
  const auto with = [](std::string_view expr) {
    return all_with_matchers(expr, {"version=\"{{ previous_version }}\""}, Syntax::promql_template);
  };
  EXPECT_EQ(with("sum by (version) (rate(a{version=\"{{ version }}\"}[5m] offset 1m)) / on () group_left max(b)"),
            "sum by (version) (rate(a{version=\"{{ previous_version }}\"}[5m] offset 1m)) / on () group_left "
            "max(b{version=\"{{ previous_version }}\"})");
  EXPECT_EQ(with("vector(1)"), "vector(1)");
}

RC_GTEST_PROP(SelectorsProperty, AnyTextHasSelectorsThatArePartsOfIt, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("x", "(", ")", "[", "]", "{", "}", "5m", ":", " offset ", "@", "-", "by", "on",
                                    "with", "sum", "\"", "{{", "}}", "+", ",", "#", "\n", " "));
  std::string text;
  for (const auto& part : parts) text += part;
  for (const auto syntax : {Syntax::promql, Syntax::promql_template}) {
    for (const auto& selector : read_selectors(text, syntax).found) {
      RC_ASSERT(selector.text == std::string_view(text).substr(selector.begin, selector.text.size()));
      for (const auto& modifier : selector.modifiers)
        RC_ASSERT(modifier.begin >= selector.begin + selector.text.size());
    }
  }
}

}  // namespace
}  // namespace guard::promql
