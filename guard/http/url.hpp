// SPDX-License-Identifier: Apache-2.0
//
// The parts of an http or https URL (RFC 3986), as far as an outbound client needs them. Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guard::http {

struct Url {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 literal
  int port = 0;
  std::string path;  // as it was written: begins with '/' or is empty; may hold a query

  // "https://host:443", as connections are compared.
  std::string origin() const;
  // What is asked for at `below`, which is appended to the URL's own. A URL is used as it was written, unless paths are
  // appended to it.
  std::string target(const std::string& below) const;
};

// Fails with ErrorCode::invalid, naming what is wrong: another scheme, user info, no host, a bad port, control
// characters.
Result<Url> parse_url(std::string_view text);

// Every byte but the unreserved ones of RFC 3986 as %XX, for one segment of a path or one value of a query.
std::string percent_encode(std::string_view text);

// application/x-www-form-urlencoded of the pairs, in order.
std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields);

// Scheme, host and port of `url`, for people to read: neither path nor query, where some put a token. Empty if it is
// none.
std::string origin_of(std::string_view url);

}  // namespace guard::http
