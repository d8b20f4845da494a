// SPDX-License-Identifier: Apache-2.0
#include "guard/http/retry_after.hpp"

#include "guard/http/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace guard::http {
namespace {

constexpr Duration longest_retry_after = std::chrono::hours(1);

}  // namespace

std::optional<Duration> retry_after(const Response& response, WallTime now) {
  const auto text = response.header("retry-after");
  if (!text) return std::nullopt;
  long seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error == std::errc{} && end == text->data() + text->size() && seconds >= 0)
    return std::min(longest_retry_after, Duration(std::chrono::seconds(std::min(seconds, 86400L))));
  const auto at = parse_http_date(*text);
  if (!at) return std::nullopt;
  return std::clamp(*at - now, Duration{0}, longest_retry_after);
}

}  // namespace guard::http
