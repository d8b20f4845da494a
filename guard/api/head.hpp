// SPDX-License-Identifier: Apache-2.0
//
// From the fields of a request's head to a Request: what RFC 9110 and 9112 ask a server to refuse is refused here.
// Pure.
#pragma once

#include "guard/api/message.hpp"

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace guard::api {

struct Head {
  std::string method;
  std::string target;
  bool is_http_1_0 = false;
  std::vector<std::pair<std::string, std::string>> fields;  // in the order they came
};

// Sets method, path, query and headers. The refusal: 400 (target, Host, Content-Length, a header given twice that must
// stand once, a transfer coding in HTTP/1.0) or 501 (a transfer coding other than chunked).
std::expected<void, Response> read_head(const Head& head, Request& request);

// The client waits for 100 before it sends the body.
bool expects_continue(const Request& request);

}  // namespace guard::api
