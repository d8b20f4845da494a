// SPDX-License-Identifier: Apache-2.0
#include "guard/http/server_clock.hpp"

#include "guard/base/clock_tolerance.hpp"
#include "guard/base/duration.hpp"
#include "guard/http/http_date.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace guard::http {

std::optional<Duration> clock_skew(const Response& response, const Exchange& exchange) {
  const auto date = response.header("date");
  const auto there = date ? parse_http_date(*date) : std::nullopt;
  if (!there) return std::nullopt;
  if (*there > exchange.received) return *there - exchange.received;
  // The part of a second that is not said.
  const auto latest = *there + Duration(std::chrono::seconds(1)) - Duration(1);
  return std::min(Duration{0}, Duration(latest - exchange.sent));
}

std::optional<std::string> other_clock(Duration skew) {
  if (std::chrono::abs(skew) <= clock_tolerance) return std::nullopt;
  return fmt::format("the server's clock is {} {} the guard's: set the clocks", format_duration(std::chrono::abs(skew)),
                     skew > Duration{0} ? "ahead of" : "behind");
}

std::optional<std::string> compare_clocks(const Response& response, const Exchange& exchange,
                                          const SkewObserver& observer) {
  const auto skew = clock_skew(response, exchange);
  if (!skew) return std::nullopt;
  if (observer) observer(*skew);
  return other_clock(*skew);
}

}  // namespace guard::http
