// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/http_answer.hpp"

#include "guard/base/json.hpp"
#include "guard/hooks/output_tail.hpp"
#include "guard/http/retry_after.hpp"
#include "guard/http/url.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::hooks {
namespace {

using model::AttemptResult;

constexpr std::size_t kept_body = std::size_t{64} << 10U;

HookResult result(AttemptResult outcome, std::string_view detail, std::string_view body = {}) {
  OutputTail tail(kept_body);
  tail.add(body);
  return {outcome, as_utf8(detail), tail.text(), {}, Duration{0}};
}

// {"status": "failed"} in an answer that is otherwise a success.
bool says_failed(const std::string& body) {
  const auto value = parse_json(body);
  const auto* object = value ? value->if_object() : nullptr;
  const auto* status = object == nullptr ? nullptr : object->if_contains("status");
  return status != nullptr && status->is_string() && status->get_string() == "failed";
}

}  // namespace

HookResult meaning_of(const http::Response& response, bool conflict_is_done, WallTime now) {
  const auto said = fmt::format("HTTP {}", response.status);
  const auto kind = response.status / 100;
  if (kind == 2)
    return result(says_failed(response.body) ? AttemptResult::failed : AttemptResult::done, said, response.body);
  if (kind == 3)
    return result(AttemptResult::failed, said + ": redirects are not followed; give the final url", response.body);
  const bool conflict = response.status == 409;
  if (conflict && conflict_is_done) return result(AttemptResult::done, said + ": already done", response.body);
  if (kind == 4 && response.status != 429 && !conflict) return result(AttemptResult::failed, said, response.body);
  auto later = conflict ? result(AttemptResult::retry, said + ": taken for busy", response.body)
               : response.status == 429
                   ? result(AttemptResult::retry, said + ": asked to come back later", response.body)
                   : result(AttemptResult::unknown, said, response.body);
  later.retry_after = http::retry_after(response, now);
  return later;
}

HookResult meaning_of(const Error& error) {
  const bool never_sent =
      error.code == ErrorCode::unavailable || error.code == ErrorCode::invalid || error.code == ErrorCode::unauthorized;
  return result(never_sent ? AttemptResult::not_started : AttemptResult::unknown, error.message);
}

std::optional<HookResult> meaning_of_poll(const http::Response& response) {
  const auto said = fmt::format("HTTP {} from the operation's location", response.status);
  if (response.status == 202) return std::nullopt;
  if (response.status / 100 != 2) return result(AttemptResult::unknown, said, response.body);
  return result(says_failed(response.body) ? AttemptResult::failed : AttemptResult::done, said, response.body);
}

std::optional<std::string> poll_path(const std::string& hook_url, const std::string& location) {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '#'; };
  if (!std::all_of(location.begin(), location.end(), plain)) return std::nullopt;
  if (location.starts_with('/') && !location.starts_with("//")) return location;
  const auto from = http::parse_url(hook_url);
  const auto to = http::parse_url(location);
  if (!from || !to || from->origin() != to->origin()) return std::nullopt;
  return to->path.empty() ? "/" : to->path;
}

}  // namespace guard::hooks
