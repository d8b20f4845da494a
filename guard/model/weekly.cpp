// SPDX-License-Identifier: Apache-2.0
#include "guard/model/weekly.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>

#include <fmt/format.h>

namespace guard::model {
namespace {

constexpr std::chrono::weeks week{1};

WeekMoment moment_of(const std::string& day, int hour, int minute) {
  static constexpr std::array<std::string_view, 7> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  return {std::chrono::days(std::ranges::find(names, day) - names.begin()),
          std::chrono::hours(hour) + std::chrono::minutes(minute)};
}

std::chrono::minutes since_monday(const WeekMoment& moment) {
  return moment.day + moment.time;
}

std::chrono::local_days monday_before(CivilTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

}  // namespace

Result<WeekPart> parse_week_part(std::string_view text) {
  static const re2::RE2 form(R"(\s*(mon|tue|wed|thu|fri|sat|sun)\s+([01][0-9]|2[0-3]):([0-5][0-9])\s*-)"
                             R"(\s*(mon|tue|wed|thu|fri|sat|sun)\s+([01][0-9]|2[0-3]):([0-5][0-9])\s*)");
  std::string first;
  std::string last;
  std::array<int, 4> at{};
  if (!re2::RE2::FullMatch({text.data(), text.size()}, form, &first, &at[0], &at[1], &last, &at[2], &at[3]))
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is no part of a week; write for example fri 16:00 - mon 08:00", shorten(text, 60)));
  const WeekPart part{moment_of(first, at[0], at[1]), moment_of(last, at[2], at[3])};
  if (part.from == part.until) return fail(ErrorCode::invalid, "it ends when it begins, so it would never be");
  return part;
}

Span week_part_at(const WeekPart& part, const TimeZone& zone, WallTime now) {
  const auto from = since_monday(part.from);
  const auto until = since_monday(part.until);
  const auto monday = monday_before(zone.civil(now)) - week;  // it may have begun in the week before
  const auto in_week = [&](int number) {
    const auto start = monday + number * week;
    return Span{zone.moments(start + from).first, zone.moments(start + until + (until > from ? 0 : 1) * week).last};
  };
  auto span = in_week(0);
  for (int number = 1; span.until <= now; ++number) span = in_week(number);
  return span;
}

}  // namespace guard::model
