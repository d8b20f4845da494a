// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"
#include "guard/api/router.hpp"
#include "guard/story/json.hpp"

namespace guard::api {
namespace {

// It was asked and answered also where something failed: that is for the reader to judge.
void preflight(const Services& services, const Request& request, Reply reply) {
  auto query = parse_preflight(request);
  if (!query) return reply(error_response(query.error()));
  services.guard.preflight(std::move(*query), [reply = std::move(reply)](const Result<story::PreflightView>& view) {
    reply(view ? json_response(200, story::to_json(*view)) : error_response(view.error()));
  });
}

}  // namespace

// To look changes nothing; to send a test alert round and to rehearse a hook is the pipeline's.
std::vector<Route> preflight_routes(const Services& services) {
  const auto handler = [services](const Request& request, Reply reply) {
    preflight(services, request, std::move(reply));
  };
  return {{"GET", "/api/v1/preflight", config::Role::read, false, handler},
          {"POST", "/api/v1/preflight", config::Role::deploy, true, handler}};
}

}  // namespace guard::api
