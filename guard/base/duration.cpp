// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"

#include <array>
#include <charconv>
#include <limits>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace guard {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

constexpr std::int64_t second = 1000;
constexpr std::int64_t day = std::int64_t{24} * 3600 * second;
// Sums of several, also as nanoseconds beside the time of day, stay far below 2^63.
constexpr std::int64_t longest = std::int64_t{100} * 365 * day;
constexpr std::string_view too_long = "it is longer than 100y";
constexpr std::array units{Unit{"y", 365 * day},   Unit{"w", 7 * day}, Unit{"d", day}, Unit{"h", 3600 * second},
                           Unit{"m", 60 * second}, Unit{"s", second},  Unit{"ms", 1}};

std::unexpected<Error> bad_duration(std::string_view text, std::string_view why) {
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is not a duration: {}; write for example 30s, 5m or 1h30m", text, why));
}

std::string_view take_letters(std::string_view& rest) {
  std::size_t n = 0;
  while (n < rest.size() && rest[n] >= 'a' && rest[n] <= 'z') ++n;
  const auto letters = rest.substr(0, n);
  rest.remove_prefix(n);
  return letters;
}

bool add(std::int64_t& total, std::int64_t count, std::int64_t unit) {
  std::int64_t part = 0;
  return !__builtin_mul_overflow(count, unit, &part) && !__builtin_add_overflow(total, part, &total);
}

// Reads exactly `width` digits at `pos`, or fails.
bool digits(std::string_view text, std::size_t pos, std::size_t width, int& out) {
  if (pos + width > text.size()) return false;
  const auto* begin = text.data() + pos;
  const auto [end, ec] = std::from_chars(begin, begin + width, out);
  return ec == std::errc{} && end == begin + width && *begin != '-';
}

// Reads ".123456789" if it is there; keeps milliseconds.
bool fraction(std::string_view& rest, Duration& out) {
  if (rest.empty() || rest[0] != '.') return true;
  std::size_t n = 1;
  std::int64_t ms = 0;
  std::int64_t scale = 100;
  for (; n < rest.size() && rest[n] >= '0' && rest[n] <= '9'; ++n, scale /= 10) ms += (rest[n] - '0') * scale;
  if (n == 1 || n > 10) return false;
  out = Duration(ms);
  rest.remove_prefix(n);
  return true;
}

bool offset(std::string_view rest, std::chrono::minutes& out) {
  if (rest == "Z" || rest == "z") return true;
  int hours = 0;
  int minutes = 0;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return false;
  if (!digits(rest, 1, 2, hours) || !digits(rest, 4, 2, minutes) || hours > 23 || minutes > 59) return false;
  out = std::chrono::minutes((rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
  return true;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return bad_duration(text, "it is empty");
  if (text == "0") return Duration{0};
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  for (std::string_view rest = text; !rest.empty();) {
    std::int64_t count = 0;
    const auto [end, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (ec == std::errc::result_out_of_range) return bad_duration(text, too_long);
    if (ec != std::errc{} || count < 0 || rest[0] == '-')
      return bad_duration(text, "a whole number must come before each unit");
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const auto name = take_letters(rest);
    if (name.empty() && (rest.starts_with('.') || rest.starts_with(',')))
      return bad_duration(text, "it has no decimals");
    if (name.empty()) return bad_duration(text, "the unit is missing (ms s m h d w y)");
    std::size_t unit = 0;
    while (unit < units.size() && units[unit].name != name) ++unit;
    if (unit == units.size()) return bad_duration(text, fmt::format("\"{}\" is no unit (ms s m h d w y)", name));
    if (unit < next_unit) return bad_duration(text, "units must stand once each, from the longest to the shortest");
    if (!add(total, count, units[unit].milliseconds) || total > longest) return bad_duration(text, too_long);
    next_unit = unit + 1;
  }
  return Duration{total};
}

std::string format_duration(Duration duration) {
  auto left = duration.count();
  if (left == 0) return "0s";
  std::string out = left < 0 ? "-" : "";
  left = left < 0 ? -left : left;
  for (const auto& unit : units) {
    // Whole years and weeks only: "1w" reads well, "1w2d" does not say more than "9d".
    const bool whole_only = unit.name == "y" || unit.name == "w";
    if (left < unit.milliseconds || (whole_only && left % unit.milliseconds != 0)) continue;
    out += fmt::format("{}{}", left / unit.milliseconds, unit.name);
    left %= unit.milliseconds;
  }
  return out;
}

std::string format_time(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(seconds - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), (time - seconds).count());
}

Result<WallTime> parse_time(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not an RFC 3339 time; write for example 2026-01-31T12:00:00Z", text));
  };
  int year = 0, month = 0, day_of_month = 0, hour = 0, minute = 0, sec = 0;
  const bool shape = text.size() >= 20 && text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't') &&
                     text[13] == ':' && text[16] == ':';
  if (!shape || !digits(text, 0, 4, year) || !digits(text, 5, 2, month) || !digits(text, 8, 2, day_of_month))
    return bad();
  if (!digits(text, 11, 2, hour) || !digits(text, 14, 2, minute) || !digits(text, 17, 2, sec)) return bad();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month))};
  if (!date.ok() || hour > 23 || minute > 59 || sec > 60) return bad();
  auto rest = text.substr(19);
  Duration part{0};
  std::chrono::minutes zone{0};
  if (!fraction(rest, part) || !offset(rest, zone)) return bad();
  return WallTime(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                  std::chrono::minutes(minute) + std::chrono::seconds(sec) + part - zone);
}

}  // namespace guard
