// SPDX-License-Identifier: Apache-2.0
#include "guard/api/head.hpp"

#include "guard/api/target.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace guard::api {
namespace {

// Two of these could mean one thing to a proxy in front and another to the guard.
constexpr std::array<std::string_view, 7> single{"host",   "authorization",   "content-type",     "content-encoding",
                                                 "origin", "idempotency-key", "transfer-encoding"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

Response bad_request(std::string message) {
  return error_response({ErrorCode::invalid, std::move(message)});
}

}  // namespace

std::expected<void, Response> read_head(const Head& head, Request& request) {
  request.method = head.method;
  for (const auto& [field, value] : head.fields) {
    auto name = lower(field);
    const bool fresh = request.headers.emplace(name, value).second;
    if (!fresh && std::find(single.begin(), single.end(), name) != single.end())
      return std::unexpected(bad_request(fmt::format("the header {} is given twice", name)));
  }
  if (!head.is_http_1_0 && !request.headers.contains("host"))
    return std::unexpected(bad_request("the header Host is missing"));
  const auto coding = lower(request.header("transfer-encoding"));
  if (!coding.empty() && coding != "chunked")
    return std::unexpected(error_response(
        501, {ErrorCode::invalid, "the only transfer coding that is read is chunked; send the body plain"}));
  if (auto target = parse_target(head.target, request); !target) return std::unexpected(error_response(target.error()));
  return {};
}

bool expects_continue(const Request& request) {
  return lower(request.header("expect")) == "100-continue";
}

}  // namespace guard::api
