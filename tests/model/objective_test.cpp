// SPDX-License-Identifier: Apache-2.0
#include "guard/model/objective.hpp"

#include "guard/model/rule.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace guard::model {
namespace {

TEST(Objective, HoldsAsItsComparisonSays) {
  struct Case {
    Comparison comparison;
    bool below, at, above;
  };
  for (const auto& c :
       {Case{Comparison::less, true, false, false}, Case{Comparison::less_equal, true, true, false},
        Case{Comparison::greater, false, false, true}, Case{Comparison::greater_equal, false, true, true},
        Case{Comparison::equal, false, true, false}, Case{Comparison::not_equal, true, false, true}}) {
    EXPECT_EQ(holds(c.comparison, 1, 2), c.below) << to_string(c.comparison);
    EXPECT_EQ(holds(c.comparison, 2, 2), c.at) << to_string(c.comparison);
    EXPECT_EQ(holds(c.comparison, 3, 2), c.above) << to_string(c.comparison);
  }
}

TEST(Objective, NaNKeepsNoBound) {
  for (const auto comparison :
       {Comparison::less, Comparison::less_equal, Comparison::greater, Comparison::greater_equal, Comparison::equal})
    EXPECT_FALSE(holds(comparison, std::nan(""), 1));
}

TEST(Objective, AShareIsResolvedAgainstItsBaseline) {
  const Objective plain{Comparison::less, 0.01, Unit::ratio, false};
  EXPECT_EQ(resolve(plain, std::nullopt), 0.01);
  EXPECT_EQ(resolve(plain, 7.0), 0.01);
  const Objective share{Comparison::greater_equal, 0.5, Unit::ratio, true};
  EXPECT_EQ(resolve(share, 8.0), 4.0);
  EXPECT_EQ(resolve(share, std::nullopt), std::nullopt);
}

TEST(Objective, ClearlyWorseIsHalfAgainOnTheBadSide) {
  EXPECT_FALSE(clearly_worse(Comparison::less, 3, 2));
  EXPECT_TRUE(clearly_worse(Comparison::less, 3.01, 2));
  EXPECT_FALSE(clearly_worse(Comparison::less_equal, 1, 2));
  EXPECT_FALSE(clearly_worse(Comparison::greater, 2, 3));
  EXPECT_TRUE(clearly_worse(Comparison::greater_equal, 1.99, 3));
  EXPECT_FALSE(clearly_worse(Comparison::greater, 9, 3));
  EXPECT_FALSE(clearly_worse(Comparison::equal, 2, 2));
  EXPECT_TRUE(clearly_worse(Comparison::not_equal, 2, 3));
}

TEST(Objective, AgainstZeroAnythingOnTheBadSideIsClearlyWorse) {
  EXPECT_TRUE(clearly_worse(Comparison::less, 0.001, 0));
  EXPECT_FALSE(clearly_worse(Comparison::less, 0, 0));
  EXPECT_TRUE(clearly_worse(Comparison::greater, -0.001, 0));
  EXPECT_FALSE(clearly_worse(Comparison::greater, 0, 0));
}

TEST(Objective, QuantitiesReadAsPeopleWriteThem) {
  struct Case {
    double value;
    Unit unit;
    const char* text;
  };
  for (const auto& [value, unit, text] : {Case{12.3, Unit::number, "12.3"},
                                          {0, Unit::number, "0"},
                                          {-0.0, Unit::number, "0"},
                                          {-1.5, Unit::number, "-1.5"},
                                          {1.0 / 3, Unit::number, "0.333"},
                                          {12.345, Unit::number, "12.3"},
                                          {99.96, Unit::number, "100"},
                                          {1234.5, Unit::number, "1234"},
                                          {0.012345, Unit::number, "0.0123"},
                                          {0.0012345, Unit::ratio, "0.123%"},
                                          {1e-5, Unit::number, "1e-05"},
                                          {2.5e12, Unit::number, "2.5e+12"},
                                          {0.0125, Unit::ratio, "1.25%"},
                                          {0.7, Unit::ratio, "70%"},
                                          {0.35, Unit::seconds, "350ms"},
                                          {2, Unit::seconds, "2s"},
                                          {90, Unit::seconds, "90s"},
                                          {300, Unit::seconds, "5m"},
                                          {7200, Unit::seconds, "2h"},
                                          {0, Unit::seconds, "0s"},
                                          {512, Unit::bytes, "512"},
                                          {65536, Unit::bytes, "64KiB"},
                                          {1.5 * 1024 * 1024, Unit::bytes, "1.5MiB"},
                                          {1.5 * 1024 * 1024 * 1024, Unit::bytes, "1.5GiB"},
                                          {std::nan(""), Unit::ratio, "NaN"},
                                          {std::numeric_limits<double>::infinity(), Unit::seconds, "+Inf"},
                                          {-std::numeric_limits<double>::infinity(), Unit::bytes, "-Inf"}})
    EXPECT_EQ(format_quantity(value, unit), text);
}

TEST(Objective, AValueIsNotWrittenAsTheBoundThatItMisses) {
  EXPECT_EQ(format_against(0.0099996, 0.01, Unit::ratio), "0.99996%");
  EXPECT_EQ(format_against(0.01, 0.01, Unit::ratio), "1%");
  EXPECT_EQ(format_against(2.0004, 2, Unit::seconds), "2.0004s");
  EXPECT_EQ(format_against(0.2, 0.01, Unit::ratio), "20%");
  EXPECT_EQ(format_objective({Comparison::less, 0.012345, Unit::ratio, false}), "< 1.2345%");
}

TEST(Objective, AShareOfABaselineDoesNotSayWhatIsMeasured) {
  EXPECT_EQ(value_unit({Comparison::less, 2, Unit::seconds, false}), Unit::seconds);
  EXPECT_EQ(value_unit({Comparison::greater_equal, 0.5, Unit::ratio, true}), Unit::number);
}

TEST(Objective, IsShownAsARuleFileWritesIt) {
  EXPECT_EQ(format_objective({Comparison::less, 0.01, Unit::ratio, false}), "< 1%");
  EXPECT_EQ(format_objective({Comparison::less_equal, 2, Unit::seconds, false}), "<= 2s");
  EXPECT_EQ(format_objective({Comparison::greater_equal, 0.5, Unit::ratio, true}), ">= 50% of baseline");
}

TEST(Rule, SaysItsObjectiveForEachKind) {
  Rule rule;
  rule.objective = {Comparison::less, 10, Unit::number, false};
  EXPECT_EQ(objective_text(rule), "< 10");
  rule.kind = RuleKind::alerts;
  EXPECT_EQ(objective_text(rule), "none firing");
  rule.kind = RuleKind::signal;
  EXPECT_EQ(objective_text(rule), "succeeded");
}

}  // namespace
}  // namespace guard::model
