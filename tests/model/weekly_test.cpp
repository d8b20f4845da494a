// SPDX-License-Identifier: Apache-2.0
#include "guard/model/weekly.hpp"

#include "guard/base/duration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::model {
namespace {

// The span of the part at this time, as the two ends in UTC.
std::pair<std::string, std::string> at(const char* part, const char* zone, const char* now) {
  const auto span = week_part_at(*parse_week_part(part), *TimeZone::load(zone), *parse_time(now));
  return {format_time(span.from).substr(0, 16), format_time(span.until).substr(0, 16)};
}

using Ends = std::pair<std::string, std::string>;

constexpr auto weekend = "fri 16:00 - mon 08:00";

TEST(Weekly, IsTheOneThatHoldsTheMomentOrTheNext) {
  const Ends ends{"2026-01-30T15:00", "2026-02-02T07:00"};  // 2026-01-30 is a Friday
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-01-28T12:00:00Z"), ends);
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-01-30T15:00:00Z"), ends) << "it begins";
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-01-31T23:59:00Z"), ends);
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-02-02T06:59:59Z"), ends) << "the Monday of the week after";
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-02-02T07:00:00Z"), (Ends{"2026-02-06T15:00", "2026-02-09T07:00"}));
}

TEST(Weekly, MayLieWithinAWeekOrTakeMostOfIt) {
  EXPECT_EQ(at("sat 00:00 - sun 23:30", "UTC", "2026-01-30T12:00:00Z"), (Ends{"2026-01-31T00:00", "2026-02-01T23:30"}));
  EXPECT_EQ(at("mon 09:00 - mon 08:00", "UTC", "2026-02-02T08:30:00Z"), (Ends{"2026-02-02T09:00", "2026-02-09T08:00"}));
  EXPECT_EQ(at("mon 09:00 - mon 08:00", "UTC", "2026-02-02T07:30:00Z"), (Ends{"2026-01-26T09:00", "2026-02-02T08:00"}));
}

TEST(Weekly, IsMeantByTheClocksAlsoWhereTheyAreSetMeanwhile) {
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-03-28T12:00:00Z"), (Ends{"2026-03-27T15:00", "2026-03-30T06:00"}));
  EXPECT_EQ(at(weekend, "Europe/Berlin", "2026-10-24T12:00:00Z"), (Ends{"2026-10-23T14:00", "2026-10-26T07:00"}));
  EXPECT_EQ(at(weekend, "Asia/Kathmandu", "2026-01-28T12:00:00Z"), (Ends{"2026-01-30T10:15", "2026-02-02T02:15"}));
}

TEST(Weekly, InTheNightOfTheChangeTakesTheLongerWay) {
  EXPECT_EQ(at("sun 02:30 - sun 04:00", "Europe/Berlin", "2026-03-28T12:00:00Z"),
            (Ends{"2026-03-29T01:00", "2026-03-29T02:00"}))
      << "half past two is left out";
  EXPECT_EQ(at("sun 02:30 - sun 04:00", "Europe/Berlin", "2026-10-24T12:00:00Z"),
            (Ends{"2026-10-25T00:30", "2026-10-25T03:00"}))
      << "from the first of the two";
  EXPECT_EQ(at("sat 20:00 - sun 02:30", "Europe/Berlin", "2026-10-24T12:00:00Z"),
            (Ends{"2026-10-24T18:00", "2026-10-25T01:30"}))
      << "to the second of the two";
}

TEST(Weekly, IsReadStrictly) {
  EXPECT_TRUE(parse_week_part("  fri 16:00-mon 08:00 "));
  for (const auto* bad : {"", "fri 16:00", "friday 16:00 - mon 08:00", "fri 24:00 - mon 08:00", "fri 16:60 - mon 08:00",
                          "fri 4:00 - mon 08:00", "fri 16:00 - mon 08:00 x", "fri 16:00 - fri 16:00"})
    EXPECT_FALSE(parse_week_part(bad)) << bad;
  EXPECT_EQ(parse_week_part("weekends").error().message,
            "\"weekends\" is no part of a week; write for example fri 16:00 - mon 08:00");
}

}  // namespace
}  // namespace guard::model
