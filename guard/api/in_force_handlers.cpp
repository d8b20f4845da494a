// SPDX-License-Identifier: Apache-2.0
#include "guard/api/in_force_json.hpp"
#include "guard/api/router.hpp"

namespace guard::api {
namespace {

void in_force(const Services& services, Reply reply) {
  services.guard.reach([services, reply = std::move(reply)](const Result<engine::Reached>& reached) {
    if (!reached) return reply(error_response(reached.error()));
    const auto settings = services.guard.settings();
    reply(json_response(
        200, to_json(GoesBy{services.program.build.version, services.clock.now().wall, *settings,
                            services.guard.health(), services.guard.freezes(), *reached, services.listening()})));
  });
}

}  // namespace

std::vector<Route> in_force_routes(const Services& services) {
  return {{"GET", "/api/v1/in_force", config::Role::read, false,
           [services](const Request&, Reply reply) { in_force(services, std::move(reply)); }}};
}

}  // namespace guard::api
