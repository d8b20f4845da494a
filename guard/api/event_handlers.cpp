// SPDX-License-Identifier: Apache-2.0
#include "guard/api/deployment_events.hpp"
#include "guard/api/router.hpp"

#include <utility>

namespace guard::api {
namespace {

using config::Role;
using engine::EventIntake;

// What it was about, for the log.
std::string type_of(const Request& request) {
  for (const auto* header : {"x-github-event", "ce-type"})
    if (request.headers.contains(header)) return request.header(header);
  return media_type(request);
}

Response answer(std::string_view result, const std::string& release, const std::string& reason) {
  auto response = json_response(result == "announced" ? 201 : 200,
                                json::object{{"result", result}, {"release", release}, {"reason", reason}});
  if (!release.empty()) response.headers["Location"] = "/api/v1/releases/" + release;
  return response;
}

// Answers for good: whoever sends events again on failure would send this one for ever.
Response ignored(const Services& services, const std::string& type, const std::string& reason) {
  services.telemetry.event_received(EventIntake::ignored);
  services.log.info("api", "event ignored", {{"type", type}, {"reason", reason}});
  return answer("ignored", "", reason);
}

Response refused(const Services& services, const std::string& type, EventIntake intake, const Error& error) {
  services.telemetry.event_received(intake);
  services.log.warn("api", "event not taken", {{"type", type}, {"err", error.message}});
  return error_response(error);
}

// A secret cannot be found by guessing, but guesses could fill the log.
Response denied(const Services& services, FailureBudget& failures, const Request& request, const Error& error) {
  services.telemetry.event_received(EventIntake::denied);
  if (failures.take(services.clock.now().mono))
    services.log.warn("api", "event refused", {{"peer", request.peer}, {"err", error.message}});
  return error_response(error);
}

Result<Told> read_event(const Services& services, const Request& request, const config::EventSettings& settings) {
  if (is_of_github(request)) return read_github_event(request, settings);
  const auto event = read_cloud_event(request);
  if (!event) return std::unexpected(event.error());
  auto told = read_cdevent(*event, settings, services.clock.now().wall);
  if (!told) return told;
  if (auto* news = std::get_if<engine::DeploymentEvent>(&*told)) news->actor = {request.actor};
  return told;
}

void receive(const Services& services, FailureBudget& failures, const Request& request, Reply reply) {
  const auto settings = services.guard.settings();
  if (is_of_github(request))
    if (const auto proven = prove_github(request, settings->events); !proven)
      return reply(denied(services, failures, request, proven.error()));
  auto told = read_event(services, request, settings->events);
  const auto type = type_of(request);
  if (!told) return reply(refused(services, type, EventIntake::invalid, told.error()));
  if (const auto* other = std::get_if<Ignored>(&*told)) return reply(ignored(services, type, other->reason));
  services.guard.take_event(
      std::get<engine::DeploymentEvent>(std::move(*told)),
      [services, type, reply = std::move(reply)](const Result<engine::DeploymentEventTaken>& taken) {
        if (!taken && taken.error().code == ErrorCode::not_found)
          return reply(ignored(services, type, taken.error().message));
        if (!taken) return reply(refused(services, type, EventIntake::refused, taken.error()));
        const bool changed = taken->result != engine::DeploymentEventResult::unchanged;
        services.telemetry.event_received(changed ? EventIntake::taken : EventIntake::unchanged);
        services.log.info(
            "api", "event taken",
            {{"type", type}, {"result", std::string(to_string(taken->result))}, {"release", taken->release}});
        reply(answer(to_string(taken->result), taken->release, taken->reason));
      });
}

}  // namespace

std::vector<Route> event_routes(const Services& services, FailureBudget& failures) {
  Route route{"POST", "/api/v1/events", Role::deploy, true, [services, &failures](const Request& request, Reply reply) {
                receive(services, failures, request, std::move(reply));
              }};
  route.more_media = {structured_media, "application/cdevents+json"};
  route.is_signed = is_of_github;
  return {std::move(route)};
}

}  // namespace guard::api
