// SPDX-License-Identifier: Apache-2.0
//
// The cookie of who has signed in on the page: for how long, and a proof made with the visitor's own token. The guard
// keeps none of them: one ends with its time, or with the token it was made with. Pure.
#pragma once

#include "guard/base/time.hpp"
#include "guard/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

// The value of the cookie in a Cookie header (RFC 6265, 4.2), or nothing.
std::optional<std::string> sign_in_of(std::string_view cookie_header);

// A Set-Cookie header (RFC 6265, 4.1): no script reads it, and no page of another site has it sent.
struct SignIn {
  const config::TokenSettings& token;
  WallTime until{};
  std::string path;     // of this origin that it is sent to
  bool secure = false;  // over HTTPS alone
};
std::string set_cookie(const SignIn& sign_in, WallTime now);
// The one that makes a browser forget it.
std::string forget_cookie(const std::string& path);

// The token that such a value was made with, if it is one of these and its time is not over.
const config::TokenSettings* signed_in(const std::vector<config::TokenSettings>& tokens, std::string_view value,
                                       WallTime now);

// True if the time is over that the value itself tells, whoever made it.
bool is_over(std::string_view value, WallTime now);

// True for a path that may stand in a Set-Cookie header.
bool is_cookie_path(std::string_view path);

}  // namespace guard::api
