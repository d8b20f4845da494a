// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/answer.hpp"

#include "guard/base/json.hpp"
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/http/retry_after.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::receivers {
namespace {

constexpr std::size_t shown_body = 200;

// "HTTP 403: invalid_token"
std::string words_of(const http::Response& response) {
  const auto body = printable(shorten(trim(response.body), shown_body));
  const bool readable = !body.empty() && is_utf8(body);
  return readable ? fmt::format("HTTP {}: {}", response.status, body) : fmt::format("HTTP {}", response.status);
}

// Discord says it to the millisecond in the body of a 429: {"message": …, "retry_after": 64.57, "global": false}.
std::optional<Duration> discord_pause(const http::Response& response) {
  const auto value = parse_json(response.body);
  const auto* object = value ? value->if_object() : nullptr;
  const auto* member = object == nullptr ? nullptr : object->if_contains("retry_after");
  if (member == nullptr || !member->is_number()) return std::nullopt;
  const auto seconds = member->to_number<double>();
  if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(std::min(seconds, 3600.0)));
}

std::optional<Duration> pause_of(const http::Response& response, WallTime now) {
  const auto header = http::retry_after(response, now);
  const auto body = response.status == 429 ? discord_pause(response) : std::nullopt;
  return std::max(header, body);  // nothing is less than anything
}

}  // namespace

std::optional<Failure> failure_of(const http::Response& response, WallTime now) {
  const auto kind = response.status / 100;
  if (kind == 2) return std::nullopt;
  Failure out;
  out.words = words_of(response);
  out.reason = kind == 5 ? FailureReason::server_error : kind == 4 ? FailureReason::client_error : FailureReason::other;
  if (kind == 3) out.words = fmt::format("HTTP {}: redirects are not followed; give the final url", response.status);
  out.may_have_arrived = kind == 5;
  out.refused = kind != 5 && response.status != 429 && response.status != 408;
  out.after = pause_of(response, now);
  return out;
}

Failure failure_of(const Error& error) {
  Failure out;
  out.words = error.message;
  out.reason = error.code == ErrorCode::timeout ? FailureReason::deadline : FailureReason::other;
  out.may_have_arrived =
      error.code == ErrorCode::timeout || error.code == ErrorCode::broken || error.code == ErrorCode::too_large;
  return out;
}

}  // namespace guard::receivers
