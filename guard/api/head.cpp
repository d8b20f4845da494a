// SPDX-License-Identifier: Apache-2.0
#include "guard/api/head.hpp"

#include "guard/api/target.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

namespace guard::api {
namespace {

// Two of these could mean one thing to a proxy in front and another to the guard.
constexpr std::array<std::string_view, 11> single{
    "host",   "authorization",   "content-type", "content-length", "content-encoding", "transfer-encoding",
    "origin", "idempotency-key", "expect",       "cookie",         "sec-fetch-site"};

Response bad_request(std::string message) {
  return error_response({ErrorCode::invalid, std::move(message)});
}

// Where a proxy in front and the guard could see the end of the body in two places, the request is refused.
std::optional<Response> unsure_where_it_ends(const Head& head, const Request& request) {
  const auto length = request.header("content-length");
  if (!std::all_of(length.begin(), length.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
    return bad_request("Content-Length must be one whole number");
  const auto coding = lower_case(request.header("transfer-encoding"));
  if (coding.empty()) return std::nullopt;
  if (head.is_http_1_0) return bad_request("HTTP/1.0 has no Transfer-Encoding; send Content-Length, or HTTP/1.1");
  if (coding == "chunked") return std::nullopt;
  return error_response(501,
                        {ErrorCode::invalid, "the only transfer coding that is read is chunked; send the body plain"});
}

}  // namespace

std::expected<void, Response> read_head(const Head& head, Request& request) {
  request.method = head.method;
  for (const auto& [field, value] : head.fields) {
    auto name = lower_case(field);
    const bool fresh = request.headers.emplace(name, value).second;
    if (!fresh) request.repeated.insert(name);
    if (!fresh && std::find(single.begin(), single.end(), name) != single.end())
      return std::unexpected(bad_request(fmt::format("the header {} is given twice", name)));
  }
  if (!head.is_http_1_0 && !request.headers.contains("host"))
    return std::unexpected(bad_request("the header Host is missing"));
  if (auto refused = unsure_where_it_ends(head, request)) return std::unexpected(std::move(*refused));
  if (auto target = parse_target(head.target, request); !target) return std::unexpected(error_response(target.error()));
  return {};
}

bool expects_continue(const Request& request) {
  return lower_case(request.header("expect")) == "100-continue";
}

}  // namespace guard::api
