// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/assigned.hpp"

#include "tests/replay/past.hpp"

namespace guard::replay {
namespace {

const std::vector<Deploy> deploys{{"shop-backend", "v2", "v1", live, "the version in app_info"},
                                  {"node", "v9", "v8", live, "the version in node_exporter_build_info"}};

TEST(Assigned, AReleaseIsOfTheGroupWhoseRulesReadItsJob) {
  const auto group = group_of(R"(
      - { slo: up, expr: 'avg(up{job="shop-backend"})', objective: "> 75%" }
)");
  const auto found = assigned(deploys, {group});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].spec.service, "shop");
  EXPECT_EQ(found[0].spec.environment, "production");
  EXPECT_EQ(found[0].spec.version, "v2");
  EXPECT_EQ(found[0].spec.previous_version, "v1");
  EXPECT_EQ(found[0].spec.live_at, live);
}

TEST(Assigned, ARegularExpressionAndAShareChooseJobsToo) {
  const auto group = group_of(R"(
      - { slo: errors, bad: 'failed{job=~"shop-.+"}', total: 'all{job=~"shop-.+"}', objective: "< 1%" }
)");
  EXPECT_EQ(assigned(deploys, {group}).size(), 1U);
}

TEST(Assigned, WhatNoRuleReadsIsNoRelease) {
  const auto group = group_of(R"(
      - { slo: up, expr: 'avg(up{job="other"})', objective: "> 75%" }
)");
  EXPECT_TRUE(assigned(deploys, {group}).empty());
}

}  // namespace
}  // namespace guard::replay
