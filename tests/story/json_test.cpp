// SPDX-License-Identifier: Apache-2.0
#include "guard/story/json.hpp"

#include "tests/support/views.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace guard::story {
namespace {

json::object rule_with(std::optional<double> value) {
  auto view = test::full_view();
  view.rules[0].value = value;
  return to_json(view).at("rules").at(0).as_object();
}

TEST(JsonViews, AReleaseIsShownWithAllItsEvidence) {
  const auto release = to_json(test::full_view());
  EXPECT_EQ(release.at("id"), "release-with-a-long-id-0001");
  EXPECT_EQ(release.at("phase"), "verifying");
  EXPECT_EQ(release.at("kind"), "hotfix");
  EXPECT_EQ(release.at("live_at"), "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(release.at("final"), false);
  EXPECT_TRUE(release.at("ended_at").is_null());
  EXPECT_EQ(release.at("rules").at(0).at("value_text"), "20%");
  EXPECT_EQ(release.at("rules").at(0).at("verdict"), "breached");
  EXPECT_EQ(release.at("signals").at("smoke").at("status"), "failed");
  EXPECT_EQ(release.at("decisions").at(0).at("attempts").at(1).at("duration_seconds").as_double(), 1.5);
  EXPECT_EQ(release.at("decisions").at(0).at("attempts").at(0).at("result"), "retry");
}

TEST(JsonViews, WhatIsNotKnownIsNull) {
  const auto rule = to_json(test::full_view()).at("rules").at(1).as_object();
  for (const auto* key : {"value", "value_text", "bound", "baseline", "outcome", "read_at", "since"})
    EXPECT_TRUE(rule.at(key).is_null()) << key;
}

TEST(JsonViews, NumbersThatJsonLacksAreWrittenAsPrometheusDoes) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(rule_with(std::nan("")).at("value"), "NaN");
  EXPECT_EQ(rule_with(infinity).at("value"), "+Inf");
  EXPECT_EQ(rule_with(-infinity).at("value"), "-Inf");
}

TEST(JsonViews, AListLeavesTheEvidenceOut) {
  const auto summary = summary_json(test::full_view());
  for (const auto* key : {"rules", "signals", "decisions"}) EXPECT_FALSE(summary.contains(key)) << key;
  EXPECT_EQ(summary.at("next").as_array().size(), 2U);
}

TEST(JsonViews, TheTimelineKeepsItsOrder) {
  const auto events = to_json(test::some_timeline());
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].at("kind"), "phase");
  EXPECT_EQ(events[1].at("message"), "1 rollback: error_rate is 20%");
}

}  // namespace
}  // namespace guard::story
