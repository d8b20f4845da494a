// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard {
namespace {

using namespace std::chrono_literals;

TEST(Duration, FollowsPrometheusGrammar) {
  struct Case {
    std::string_view text;
    Duration duration;
  };
  for (const auto& [text, duration] :
       {Case{"0", 0s}, Case{"0s", 0s}, Case{"250ms", 250ms}, Case{"30s", 30s}, Case{"5m", 5min}, Case{"1h30m", 90min},
        Case{"2d", 48h}, Case{"1w", 168h}, Case{"1y", 8760h}, Case{"1y2w3d4h5m6s7ms", 9172h + 5min + 6s + 7ms},
        Case{"90m", 90min}, Case{"007s", 7s}}) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, duration) << text;
  }
}

TEST(Duration, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "5",
                                      "00",
                                      "m",
                                      "5 m",
                                      " 5m",
                                      "5m ",
                                      "-5m",
                                      "+5m",
                                      "1.5h",
                                      "5M",
                                      "5min",
                                      "5us",
                                      "5s5m",
                                      "1h1h",
                                      "1m1ms1s",
                                      "1h30",
                                      "1e3s",
                                      "99999999999999999999s",
                                      "9223372036854775807y",
                                      "300000000y",
                                      "5m\n"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, ErrorsNameTheOffendingPart) {
  EXPECT_EQ(parse_duration("5x").error(),
            (Error{ErrorCode::invalid,
                   "\"5x\" is not a duration: \"x\" is no unit (ms s m h d w y); write for example 30s, 5m or 1h30m"}));
  EXPECT_EQ(parse_duration("").error().message,
            "\"\" is not a duration: it is empty; write for example 30s, 5m or 1h30m");
}

TEST(Duration, SaysThatItHasNoDecimals) {
  for (const auto* text : {"1.5h", "0.5s", "1h1,5m"})
    EXPECT_EQ(
        parse_duration(text).error().message,
        "\"" + std::string(text) + "\" is not a duration: it has no decimals; write for example 30s, 5m or 1h30m");
}

TEST(Duration, IsShortEnoughThatSumsOfItNeverOverflow) {
  EXPECT_EQ(parse_duration("100y").value() * 1000, Duration(std::int64_t{100'000} * 365 * 24 * 3600 * 1000));
  for (const auto* text : {"100y1ms", "292y", "292277024y", "9223372036854775807ms"})
    EXPECT_EQ(
        parse_duration(text).error().message,
        "\"" + std::string(text) + "\" is not a duration: it is longer than 100y; write for example 30s, 5m or 1h30m");
}

TEST(Duration, ReadsWellWhenItIsWritten) {
  struct Case {
    Duration duration;
    std::string text;
  };
  for (const auto& [duration, text] :
       {Case{0s, "0s"}, Case{7ms, "7ms"}, Case{90s, "1m30s"}, Case{2h, "2h"}, Case{24h, "1d"}, Case{168h, "1w"},
        Case{216h, "9d"}, Case{8760h, "1y"}, Case{8761h, "365d1h"}, Case{-90s, "-1m30s"}})
    EXPECT_EQ(format_duration(duration), text);
}

RC_GTEST_PROP(DurationProperty, WhatIsWrittenIsReadBack, ()) {
  const Duration duration(*rc::gen::inRange<std::int64_t>(0, std::int64_t{100} * 365 * 24 * 3600 * 1000 + 1));
  RC_ASSERT(*parse_duration(format_duration(duration)) == duration);
}

RC_GTEST_PROP(DurationProperty, AnyTextIsReadOrRefused, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0129msdhwy-+. ")));
  const auto parsed = parse_duration(text);
  if (parsed) RC_ASSERT(parsed->count() >= 0);
}

TEST(Time, IsRfc3339InUtcWithMilliseconds) {
  EXPECT_EQ(format_time(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(WallTime(1'769'860'800'250ms)), "2026-01-31T12:00:00.250Z");
  EXPECT_EQ(format_time(WallTime(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(Time, IsReadWithAnyOffsetAndFraction) {
  const WallTime noon(1'769'860'800'000ms);
  for (const std::string_view text :
       {"2026-01-31T12:00:00Z", "2026-01-31t12:00:00z", "2026-01-31T12:00:00.000000000Z", "2026-01-31T13:30:00+01:30",
        "2026-01-31T02:00:00-10:00", "2026-02-01T00:00:00+12:00"}) {
    const auto parsed = parse_time(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, noon) << text;
  }
  EXPECT_EQ(*parse_time("2026-01-31T12:00:00.123999999Z"), noon + 123ms) << "below a millisecond it is cut";
  EXPECT_EQ(*parse_time("2026-01-31T12:00:00.5Z"), noon + 500ms);
  EXPECT_EQ(*parse_time("2024-02-29T00:00:00Z"), WallTime(1'709'164'800'000ms));
  EXPECT_EQ(*parse_time("0001-01-01T00:00:00Z"), WallTime(-62'135'596'800'000ms)) << "Alertmanager's time that is none";
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const std::string_view text : {"",
                                      "now",
                                      "2026-01-31",
                                      "2026-01-31 12:00:00Z",
                                      "2026-01-31T12:00:00",
                                      "2026-02-30T12:00:00Z",
                                      "2026-13-01T12:00:00Z",
                                      "2026-00-01T12:00:00Z",
                                      "2026-01-00T12:00:00Z",
                                      "2025-02-29T00:00:00Z",
                                      "2026-01-31T24:00:00Z",
                                      "2026-01-31T12:60:00Z",
                                      "2026-01-31T12:00:61Z",
                                      "2026-01-31T12:00:00.Z",
                                      "2026-01-31T12:00:00.0123456789Z",
                                      "2026-01-31T12:00:00+1:00",
                                      "2026-01-31T12:00:00+24:00",
                                      "2026-01-31T12:00:00Zx",
                                      "2026-01-31T12:00:00+0100",
                                      "-026-01-31T12:00:00Z",
                                      "2026-01--1T12:00:00Z"})
    EXPECT_FALSE(parse_time(text)) << text;
  EXPECT_EQ(parse_time("noon").error(),
            (Error{ErrorCode::invalid, "\"noon\" is not an RFC 3339 time; write for example 2026-01-31T12:00:00Z"}));
}

RC_GTEST_PROP(TimeProperty, WhatIsWrittenIsReadBack, ()) {
  // The years 1 to 9999.
  const WallTime time(Duration(*rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'800'000)));
  RC_ASSERT(*parse_time(format_time(time)) == time);
}

}  // namespace
}  // namespace guard
