// SPDX-License-Identifier: Apache-2.0
//
// Between messages as Beast reads and writes them and the plain ones of message.hpp. Pure.
#pragma once

#include "guard/api/head.hpp"
#include "guard/api/server.hpp"

#include <optional>

#include <boost/beast/http.hpp>

namespace guard::api {

Head head_of(const boost::beast::http::request_header<>& from);

// What a failed read of this part of a request is answered with; nothing where the client has gone.
enum class Part { head, body };
std::optional<Response> answer_to(boost::system::error_code error, Part part, const Limits& limits);

// How a response goes out.
struct Manner {
  bool is_http_1_0 = false;
  bool is_head_only = false;  // the length of what GET would give, and nothing of it
  bool keep_alive = false;
  const Headers& headers;  // beside its own
};
boost::beast::http::response<boost::beast::http::string_body> wired(Response from, const Manner& manner);

}  // namespace guard::api
