// SPDX-License-Identifier: Apache-2.0
//
// What the events of other systems tell of a deployment. What an event has no field for, its free part may say as
// `release_guard`: an object with service, environment, version, previous_version and kind. Pure.
#pragma once

#include "guard/api/cloud_event.hpp"
#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"

#include <string>
#include <variant>

namespace guard::api {

// An event that tells of no deployment.
struct Ignored {
  std::string reason;
};

using Told = std::variant<engine::DeploymentEvent, Ignored>;

// service.deployed and service.upgraded of CDEvents (continuous-deployment.md), at `now` where they name no time. Fails
// with invalid.
Result<Told> read_cdevent(const CloudEvent& event, const config::EventSettings& settings, WallTime now);

// True for what says that it is of GitHub.
bool is_of_github(const Request& request);
// Fails with unauthorized unless the body is signed with the configured secret.
Result<void> prove_github(const Request& request, const config::EventSettings& settings);
// deployment_status of GitHub, whose sender is proven. Fails with invalid.
Result<Told> read_github_event(const Request& request, const config::EventSettings& settings);

// What a system's own name for something is called here.
std::string named(const std::map<std::string, std::string>& names, const std::string& theirs,
                  const std::string& otherwise);

// The release of `fields`, where the members of `said`, if it is an object, stand in the place of those of the same
// name. Fails with invalid.
Result<model::ReleaseSpec> spec_of_event(json::object fields, const json::value* said);

}  // namespace guard::api
