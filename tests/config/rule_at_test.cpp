// SPDX-License-Identifier: Apache-2.0
#include "guard/config/rule_at.hpp"

#include <gtest/gtest.h>

namespace guard::config {
namespace {

const std::string text = R"(groups:
  - name: shop
    match: []
    rules:
      - slo: errors
        expr: errors

      - { slo: queue, expr: queue }
  - name: pay
    window: 2h
    rules:
      - expr: slow
        slo: latency
)";

TEST(RuleAt, IsTheOneThatBeginsThereOrAbove) {
  EXPECT_EQ(rule_at(text, 5), (RuleHere{"shop", "errors"}));
  EXPECT_EQ(rule_at(text, 7), (RuleHere{"shop", "errors"}));
  EXPECT_EQ(rule_at(text, 8), (RuleHere{"shop", "queue"}));
  EXPECT_EQ(rule_at(text, 12), (RuleHere{"pay", "latency"})) << "whatever stands first in it";
  EXPECT_EQ(rule_at(text, 99), (RuleHere{"pay", "latency"}));
}

TEST(RuleAt, IsNoneOutsideOfRules) {
  EXPECT_EQ(rule_at(text, 1), std::nullopt);
  EXPECT_EQ(rule_at(text, 3), std::nullopt);
  EXPECT_EQ(rule_at(text, 10), std::nullopt) << "a rule of the group above is not meant";
  EXPECT_EQ(rule_at("groups: 3", 1), std::nullopt);
  EXPECT_EQ(rule_at("", 1), std::nullopt);
}

TEST(RuleAt, IsNoneWhereTheTextIsBroken) {
  EXPECT_EQ(rule_at("groups: [\n- {", 2), std::nullopt);
}

}  // namespace
}  // namespace guard::config
