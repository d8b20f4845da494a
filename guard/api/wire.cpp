// SPDX-License-Identifier: Apache-2.0
#include "guard/api/wire.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::api {

namespace http = boost::beast::http;
using WireResponse = http::response<http::string_body>;

namespace {

// A browser keeps to each of several policies; of all else there is one.
void add_header(WireResponse& to, const std::string& name, const std::string& value) {
  if (name == "Content-Security-Policy")
    to.insert(name, value);
  else
    to.set(name, value);
}

}  // namespace

Head head_of(const http::request_header<>& from) {
  Head head{from.method_string(), from.target(), from.version() == 10, {}};
  for (const auto& field : from) head.fields.emplace_back(field.name_string(), field.value());
  return head;
}

std::optional<Response> answer_to(boost::system::error_code error, Part part, const Limits& limits) {
  if (error == http::error::header_limit || (error == http::error::buffer_overflow && part == Part::head))
    return error_response(
        431, {ErrorCode::too_large, fmt::format("the head of the request is longer than {} bytes", limits.head)});
  if (error == http::error::body_limit || error == http::error::buffer_overflow)
    return error_response({ErrorCode::too_large, fmt::format("the body is longer than {} bytes", limits.body)});
  const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
  if (gone || error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return error_response({ErrorCode::invalid, "this is not a well-formed HTTP/1.1 request"});
}

WireResponse wired(Response from, const Manner& manner) {
  WireResponse out;
  out.version(manner.is_http_1_0 ? 10 : 11);
  out.result(static_cast<unsigned>(from.status));
  out.set(http::field::content_type, from.content_type);
  out.set("X-Content-Type-Options", "nosniff");
  out.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : from.headers) out.set(name, value);
  for (const auto& [name, value] : manner.headers) add_header(out, name, value);
  out.keep_alive(manner.keep_alive);
  out.body() = std::move(from.body);
  out.prepare_payload();
  if (manner.is_head_only) out.body().clear();
  return out;
}

}  // namespace guard::api
