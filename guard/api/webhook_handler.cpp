// SPDX-License-Identifier: Apache-2.0
#include "guard/api/router.hpp"

namespace guard::api {
namespace {

// Alertmanager retries on 5xx and gives up for this flush on anything else, 429 included (notify/util.go): 503 is
// "later", 400 is "never as it is", and 200 is said only when the notification is durable.
void receive(const Services& services, const Request& request, Reply reply) {
  auto notification = alerts::parse_notification(request.body);
  if (!notification) {
    services.telemetry.alerts_received(engine::AlertIntake::invalid, 1);
    return reply(error_response(notification.error()));
  }
  const auto count = notification->alerts.size();
  services.guard.receive(std::move(*notification), [&telemetry = services.telemetry, count,
                                                    reply = std::move(reply)](const Result<engine::Intake>& intake) {
    if (!intake) {
      telemetry.alerts_received(engine::AlertIntake::refused, count);
      return reply(error_response(503, intake.error()));
    }
    reply(json_response(200, json::object{{"received", intake->received}, {"fresh", intake->fresh}}));
  });
}

}  // namespace

std::vector<Route> webhook_routes(const Services& services) {
  return {{"POST", "/api/v1/alertmanager", config::Role::alerts, true,
           [services](const Request& request, Reply reply) { receive(services, request, std::move(reply)); }}};
}

}  // namespace guard::api
