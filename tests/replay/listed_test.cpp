// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/listed.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::replay {
namespace {

using testing::HasSubstr;

constexpr const char* announcement =
    R"({"service": "shop", "environment": "production", "version": "v2", "live_at": "2026-01-31T12:00:00Z"})";

TEST(Listed, AnnouncementsStandOneALine) {
  const auto read = listed(std::string(announcement) + "\n\n" + announcement + "\n", "r.jsonl");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].spec.service, "shop");
  EXPECT_EQ((*read)[0].spec.live_at, WallTime(std::chrono::seconds(1769860800)));
}

TEST(Listed, AListAndAnObjectWithReleasesAreReadToo) {
  EXPECT_EQ(listed(fmt::format("[{0}, {0}]", announcement), "r")->size(), 2U);
  EXPECT_EQ(listed(fmt::format("{{\"releases\": [{}]}}", announcement), "r")->size(), 1U);
}

TEST(Listed, ASingleOneOverSeveralLinesIsOne) {
  EXPECT_EQ(listed("{\n\"service\": \"a\", \"environment\": \"b\",\n\"version\": \"c\"}", "r")->size(), 0U);
}

TEST(Listed, WhatNeverWentLiveIsLeftOut) {
  EXPECT_EQ(listed(R"([{"service": "a", "environment": "b", "version": "c", "live_at": null}])", "r")->size(), 0U);
}

TEST(Listed, SignalsComeWithTheirTimes) {
  const auto read = listed(
      R"([{"service": "a", "environment": "b", "version": "c", "live_at": "2026-01-31T12:00:00Z",
           "signals": {"e2e": {"status": "failed", "detail": "3 of 40", "at": "2026-01-31T12:03:00Z"}}}])",
      "r");
  ASSERT_TRUE(read) << read.error().message;
  const auto& signal = (*read)[0].signals.at("e2e");
  EXPECT_FALSE(signal.succeeded);
  EXPECT_EQ(signal.detail, "3 of 40");
  EXPECT_EQ(signal.at, WallTime(std::chrono::seconds(1769860980)));
}

TEST(Listed, AMistakeIsToldWithItsPlace) {
  EXPECT_THAT(listed(std::string(announcement) + "\n{oops\n", "r.jsonl").error().message, HasSubstr("r.jsonl:2: "));
  EXPECT_THAT(listed(R"([{"service": "a"}])", "r.json").error().message, HasSubstr("r.json: release 1.environment"));
  EXPECT_THAT(
      listed(R"([{"service": "a", "environment": "b", "version": "c", "live_at": "noon"}])", "r").error().message,
      HasSubstr("live_at"));
}

}  // namespace
}  // namespace guard::replay
