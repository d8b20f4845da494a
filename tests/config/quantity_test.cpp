// SPDX-License-Identifier: Apache-2.0
#include "guard/config/quantity.hpp"

#include <cmath>
#include <locale>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::config {
namespace {

using model::Comparison;
using model::Objective;
using model::Unit;

struct Case {
  std::string_view text;
  double value;
  Unit unit;
};

TEST(Quantity, IsReadInBaseUnits) {
  for (const auto& [text, value, unit] :
       {Case{"1", 1, Unit::number}, Case{"-2.5", -2.5, Unit::number}, Case{"1e3", 1000, Unit::number},
        Case{"70%", 0.7, Unit::ratio}, Case{"0.1 %", 0.001, Unit::ratio}, Case{"350ms", 0.35, Unit::seconds},
        Case{"2s", 2, Unit::seconds}, Case{"1.5m", 90, Unit::seconds}, Case{"2h", 7200, Unit::seconds},
        Case{"64KiB", 65536, Unit::bytes}, Case{"1.5MiB", 1572864, Unit::bytes},
        Case{" 1GiB ", 1073741824, Unit::bytes}}) {
    const auto quantity = parse_quantity(text);
    ASSERT_TRUE(quantity) << text;
    EXPECT_DOUBLE_EQ(quantity->value, value) << text;
    EXPECT_EQ(quantity->unit, unit) << text;
  }
}

TEST(Quantity, IsTheNumberThatItReads) {
  EXPECT_EQ(parse_quantity("95%")->value, 0.95);
  EXPECT_EQ(parse_quantity("0.7%")->value, 0.007);
  EXPECT_EQ(parse_quantity("35ms")->value, 0.035);
  EXPECT_EQ(parse_quantity("7e+1%")->value, 0.7);
  EXPECT_EQ(parse_quantity("70e-2ms")->value, 0.0007);
  EXPECT_EQ(parse_quantity("0%")->value, 0);
}

TEST(Quantity, RefusesWhatIsNoFiniteNumberWithOneUnit) {
  for (const auto* text :
       {"",    " ",   "x",   "+1",    "nan",  "NaN",  "inf", "-inf",      "1e999",      "0x10", "1 2",
        "1%%", "1s1", "1,5", "1_000", "1 KB", "1kib", "-1%", "1e300GiB1", "1.7e308GiB", "%",    "1d"})
    EXPECT_FALSE(parse_quantity(text)) << text;
}

TEST(Objective, IsAComparisonWithAQuantity) {
  EXPECT_EQ(*parse_objective("< 1%"), (Objective{Comparison::less, 0.01, Unit::ratio, false}));
  EXPECT_EQ(*parse_objective("<=2s"), (Objective{Comparison::less_equal, 2, Unit::seconds, false}));
  EXPECT_EQ(*parse_objective(">= 50% of baseline"), (Objective{Comparison::greater_equal, 0.5, Unit::ratio, true}));
  EXPECT_EQ(*parse_objective("> 0.5 of  baseline"), (Objective{Comparison::greater, 0.5, Unit::number, true}));
  EXPECT_EQ(*parse_objective("== 1"), (Objective{Comparison::equal, 1, Unit::number, false}));
  EXPECT_EQ(*parse_objective("!= 0"), (Objective{Comparison::not_equal, 0, Unit::number, false}));
}

TEST(Objective, RefusesAnythingElse) {
  for (const auto* text : {"", "1%", "< ", "<> 1", "=< 1", "= 1", "< 1 of", "< 1 ofbaseline", "< 1 of baselines",
                           "< 0 of baseline", "< 1s of baseline", "< 1 < 2", "< 1% of baseline of baseline"})
    EXPECT_FALSE(parse_objective(text)) << text;
}

TEST(Objective, ErrorsPointAtTheByteThatIsWrong) {
  EXPECT_EQ(parse_objective("< 10MB").error().offset, 4U);
  EXPECT_EQ(parse_objective("1%").error().offset, 0U);
  EXPECT_EQ(parse_objective("< 1% today").error().offset, 5U);
}

RC_GTEST_PROP(Objective, WhatCoreWritesIsReadBack, ()) {
  const auto comparison = *rc::gen::elementOf(std::vector{Comparison::less, Comparison::greater_equal});
  const auto unit = *rc::gen::elementOf(std::vector{Unit::number, Unit::ratio, Unit::seconds, Unit::bytes});
  const auto bound = static_cast<double>(*rc::gen::inRange(1, 100000)) / 8;
  const Objective objective{comparison, bound, unit, false};
  const auto read = parse_objective(model::format_objective(objective));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->comparison == comparison);
  RC_ASSERT(std::abs(read->bound - bound) <= 0.005 * bound);
}

RC_GTEST_PROP(Objective, NoTextMakesItCrash, (const std::string& text)) {
  const auto read = parse_objective(text);
  RC_ASSERT(!read || std::isfinite(read->bound));
}

}  // namespace
}  // namespace guard::config
