// SPDX-License-Identifier: Apache-2.0
#include "guard/api/router.hpp"
#include "guard/base/duration.hpp"
#include "guard/web/page.hpp"

#include <algorithm>

namespace guard::api {
namespace {

// Nothing but the page's own files runs or loads, and no text ever becomes markup: trusted-types 'none' makes the
// browser refuse every API that would parse HTML.
constexpr const char* policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

Response file_response(const web::File& file) {
  auto response = text_response(200, std::string(file.body), std::string(file.content_type));
  response.headers["Content-Security-Policy"] = policy;
  response.headers["Referrer-Policy"] = "no-referrer";
  response.headers["Cross-Origin-Opener-Policy"] = "same-origin";
  // Names hold a hash of the content; the page that names them is never kept.
  if (file.path != "/") response.headers["Cache-Control"] = "public, max-age=31536000, immutable";
  return response;
}

// No secret is in the page itself: it asks the API with the visitor's own token.
void serve_file(const Request& request, const Reply& reply) {
  const auto files = web::files();
  const auto it = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == request.path; });
  if (it == files.end())
    return reply(error_response({ErrorCode::not_found, "this guard's page has no such file; load the page again"}));
  reply(file_response(*it));
}

// `now` lets a page whose clock is wrong count down right.
Response whoami(const Services& services, const Request& request) {
  return json_response(200, json::object{{"name", request.actor},
                                         {"role", to_string(request.role)},
                                         {"signed_in", request.signed_in},
                                         {"now", format_time(services.clock.now().wall)}});
}

}  // namespace

std::vector<Route> page_routes(const Services& services) {
  return {{"GET", "/api/v1/whoami", config::Role::read, false,
           [services](const Request& request, const Reply& reply) { reply(whoami(services, request)); }},
          {"GET", "/", std::nullopt, false, serve_file},
          {"GET", "/assets/{name}", std::nullopt, false, serve_file}};
}

}  // namespace guard::api
