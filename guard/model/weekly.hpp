// SPDX-License-Identifier: Apache-2.0
//
// A part of every week, by the clocks of one place: "fri 16:00 - mon 08:00". Values; pure; safe from any thread.
#pragma once

#include "guard/base/time_zone.hpp"

#include <string>
#include <string_view>

namespace guard::model {

// The end is no part of it.
struct Span {
  WallTime from{};
  WallTime until{};

  bool holds(WallTime at) const { return from <= at && at < until; }
  bool operator==(const Span&) const = default;
};

struct WeekMoment {
  std::chrono::days day{0};  // since Monday
  std::chrono::minutes time{0};

  bool operator==(const WeekMoment&) const = default;
};

struct WeekPart {
  WeekMoment from;
  WeekMoment until;

  bool operator==(const WeekPart&) const = default;
};

// Fails with invalid: not of this form, or without length.
Result<WeekPart> parse_week_part(std::string_view text);

// The time from `from` to `until` that holds `now`, else the next one. Of an hour that comes twice it takes the longer
// way: from its first beginning, to its last end.
Span week_part_at(const WeekPart& part, const TimeZone& zone, WallTime now);

}  // namespace guard::model
