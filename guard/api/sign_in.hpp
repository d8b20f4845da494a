// SPDX-License-Identifier: Apache-2.0
//
// The cookie of who has signed in on the page: for how long, and a proof made with the visitor's own token. The guard
// keeps none of them: one ends with its time, or with the token it was made with. Pure.
#pragma once

#include "guard/base/time.hpp"
#include "guard/config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

// The values of this guard's cookie in a Cookie header (RFC 6265, 4.2). Cookies do not know ports: the name of the
// cookie is of `host`, as the browser asked for it, so that guards of one machine do not take each other's.
std::vector<std::string> sign_ins_of(std::string_view cookie_header, std::string_view host);

// A Set-Cookie header (RFC 6265, 4.1): no script reads it, and no page of another site has it sent.
struct SignIn {
  const config::TokenSettings& token;
  WallTime until{};
  std::string path;     // of this origin that it is sent to
  bool secure = false;  // over HTTPS alone
};
std::string set_cookie(const SignIn& sign_in, std::string_view host, WallTime now);
// The one that makes a browser forget it.
std::string forget_cookie(const std::string& path, std::string_view host);

// The token that such a value was made with, if it is one of these, and its time is neither over nor longer than
// `longest` from now.
const config::TokenSettings* signed_in(const std::vector<config::TokenSettings>& tokens, std::string_view value,
                                       WallTime now, Duration longest);

// True if the time is over that the value itself tells, whoever made it.
bool is_over(std::string_view value, WallTime now);

// True for a path that may stand in a Set-Cookie header.
bool is_cookie_path(std::string_view path);

}  // namespace guard::api
