// SPDX-License-Identifier: Apache-2.0
#include "guard/base/time_text.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace guard {

std::string short_duration(Duration duration) {
  using namespace std::chrono_literals;
  const auto time = std::max(duration, Duration::zero());
  // More than a day is told in hours, more than an hour in minutes: who reads it wants the order of things.
  if (time >= 24h) {
    const auto hours = std::chrono::floor<std::chrono::hours>(time).count();
    return hours % 24 == 0 ? fmt::format("{}d", hours / 24) : fmt::format("{}d{}h", hours / 24, hours % 24);
  }
  if (time >= 1h) return format_duration(std::chrono::floor<std::chrono::minutes>(time));
  return format_duration(std::chrono::floor<std::chrono::seconds>(time));
}

std::string time_text(WallTime at) {
  const auto text = format_time(at);
  return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 8));
}

std::string relative(WallTime at, WallTime now) {
  return at > now ? "in " + short_duration(at - now) : short_duration(now - at) + " ago";
}

}  // namespace guard
