// SPDX-License-Identifier: Apache-2.0
#include "guard/story/nearest.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace guard::story {
namespace {

using model::Comparison;

story::RuleView rule(const std::string& slo, double value, Comparison comparison, double bound) {
  story::RuleView out;
  out.slo = slo;
  out.value = value;
  out.comparison = comparison;
  out.bound = bound;
  return out;
}

std::string nearest(std::vector<story::RuleView> rules) {
  story::ReleaseView view;
  view.rules = std::move(rules);
  const auto* found = story::nearest_to_bound(view);
  return found == nullptr ? "none" : found->slo;
}

TEST(Nearest, IsTheOneWithTheLeastRoomLeft) {
  EXPECT_EQ(nearest({rule("errors", 0.002, Comparison::less, 0.01), rule("latency", 1.9, Comparison::less_equal, 2)}),
            "latency");
  EXPECT_EQ(nearest({rule("latency", 1, Comparison::less, 2), rule("traffic", 55, Comparison::greater, 50)}),
            "traffic");
  EXPECT_EQ(nearest({rule("a", 1, Comparison::less, 2), rule("b", 1, Comparison::less, 2)}), "a")
      << "the first of equals";
}

TEST(Nearest, WhatIsBrokenComesFirstAndTheWorstOfThat) {
  EXPECT_EQ(nearest({rule("close", 0.99, Comparison::less, 1), rule("broken", 0.02, Comparison::less, 0.01),
                     rule("worse", 10, Comparison::greater_equal, 50)}),
            "worse");
  EXPECT_EQ(nearest({rule("holds", 5, Comparison::equal, 5), rule("broken", 4, Comparison::equal, 5)}), "broken");
  EXPECT_EQ(nearest({rule("far", 9, Comparison::not_equal, 1), rule("near", 2, Comparison::not_equal, 1.9)}), "near");
}

TEST(Nearest, ABoundOfNothingHasItsPlace) {
  EXPECT_EQ(nearest({rule("none", 0, Comparison::less_equal, 0), rule("half", 1, Comparison::less, 2)}), "none");
  EXPECT_EQ(nearest({rule("below", -5, Comparison::less, 0), rule("half", 1, Comparison::less, 2)}), "half");
}

TEST(Nearest, WhatHasNoValueOrNoBoundIsNone) {
  auto unread = rule("unread", 0, Comparison::less, 1);
  unread.value.reset();
  auto boundless = rule("boundless", 1, Comparison::less, 1);
  boundless.bound.reset();
  auto signal = rule("signal", 1, Comparison::less, 1);
  signal.kind = model::RuleKind::signal;
  EXPECT_EQ(
      nearest({unread, boundless, signal, rule("nan", std::numeric_limits<double>::quiet_NaN(), Comparison::less, 1)}),
      "none");
}

}  // namespace
}  // namespace guard::story
