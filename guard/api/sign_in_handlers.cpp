// SPDX-License-Identifier: Apache-2.0
#include "guard/api/body.hpp"
#include "guard/api/router.hpp"
#include "guard/api/sign_in.hpp"

#include <array>

namespace guard::api {
namespace {

// Where the page is, as the browser sees it: a reverse proxy may put the guard below a path.
Result<std::string> read_path(const Request& request) {
  static constexpr std::array<std::string_view, 1> keys{"path"};
  return parse_body<std::string>(request, keys, [](Body& body) {
    auto path = body.name_or_empty("path");
    if (path.empty()) path = "/";
    if (!is_cookie_path(path))
      body.refuse("path is no path of a page: it begins with / and has letters, digits and -._~/");
    return path;
  });
}

Response with_cookie(const std::string& cookie) {
  auto response = json_response(200, json::object{});
  response.headers["Set-Cookie"] = cookie;
  return response;
}

Response sign_in(const Services& services, const Gatekeeper& gatekeeper, const Request& request) {
  const auto path = read_path(request);
  if (!path) return error_response(path.error());
  const auto cookie = gatekeeper.sign_in(request, *path, services.clock.now().wall);
  return cookie ? with_cookie(*cookie) : error_response(cookie.error());
}

Response sign_out(const Request& request) {
  const auto path = read_path(request);
  return path ? with_cookie(forget_cookie(*path, request.header("host"))) : error_response(path.error());
}

}  // namespace

std::vector<Route> sign_in_routes(const Services& services, const Gatekeeper& gatekeeper) {
  // A browser that is sent here asks its user for a password, and shows it to all that is beside this from then on.
  return {{"GET", "/api/v1/sign_in", config::Role::read, false,
           [](const Request&, const Reply& reply) { reply(redirect_response("../../")); }},
          {"POST", "/api/v1/sign_in", config::Role::read, true,
           [services, &gatekeeper](const Request& request, const Reply& reply) {
             reply(sign_in(services, gatekeeper, request));
           }},
          // Whoever it is: a cookie that is no longer good must be got rid of as well.
          {"POST", "/api/v1/sign_out", std::nullopt, true,
           [](const Request& request, const Reply& reply) { reply(sign_out(request)); }}};
}

}  // namespace guard::api
