// SPDX-License-Identifier: Apache-2.0
#include "guard/base/time_zone.hpp"

#include "guard/base/duration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard {
namespace {

using namespace std::chrono_literals;

CivilTime civil(int month, int day, std::chrono::minutes time) {
  return std::chrono::local_days(std::chrono::year_month_day(std::chrono::year(2026),
                                                             std::chrono::month(static_cast<unsigned>(month)),
                                                             std::chrono::day(static_cast<unsigned>(day)))) +
         time;
}

WallTime wall(const char* text) {
  return *parse_time(text);
}

const TimeZone berlin = *TimeZone::load("Europe/Berlin");

TEST(TimeZone, ShowsWhatTheClocksOfAPlaceShow) {
  EXPECT_EQ(berlin.civil(wall("2026-01-31T12:00:00Z")), civil(1, 31, 13h));
  EXPECT_EQ(berlin.civil(wall("2026-07-31T12:00:00Z")), civil(7, 31, 14h));
  EXPECT_EQ(berlin.moments(civil(1, 31, 13h)).first, wall("2026-01-31T12:00:00Z"));
  EXPECT_EQ(TimeZone::load("America/New_York")->moments(civil(7, 1, 9h)).last, wall("2026-07-01T13:00:00Z"));
}

TEST(TimeZone, AnHourThatIsLeftOutIsTheMomentOfTheChange) {
  const auto moments = berlin.moments(civil(3, 29, 2h + 30min));
  EXPECT_EQ(moments.first, wall("2026-03-29T01:00:00Z"));
  EXPECT_EQ(moments.last, moments.first);
}

TEST(TimeZone, AnHourThatComesTwiceHasTwoMoments) {
  const auto moments = berlin.moments(civil(10, 25, 2h + 30min));
  EXPECT_EQ(moments.first, wall("2026-10-25T00:30:00Z"));
  EXPECT_EQ(moments.last, wall("2026-10-25T01:30:00Z"));
}

TEST(TimeZone, IsKnownByItsIanaNameAlone) {
  for (const auto* name : {"UTC", "Etc/GMT+1", "America/Argentina/Buenos_Aires"})
    EXPECT_TRUE(TimeZone::load(name)) << name;
  for (const auto* name : {"", "Europe/Berlln", "localtime", "/etc/passwd", "../zoneinfo/UTC", "file:UTC", "Europe"})
    EXPECT_FALSE(TimeZone::load(name)) << name;
}

}  // namespace
}  // namespace guard
