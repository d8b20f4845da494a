// SPDX-License-Identifier: Apache-2.0
#include "guard/api/openapi.hpp"
#include "guard/api/router.hpp"
#include "guard/api/status_json.hpp"
#include "guard/api/target.hpp"

#include <array>
#include <span>

namespace guard::api {
namespace {

using config::Role;

// As many as a list of releases may hold.
constexpr std::size_t most_watched = 1000;

// The parameters of Prometheus, where they mean something here.
Response rules(const Services& services, const Request& request) {
  static constexpr std::array<std::string_view, 5> known{"type", "rule_group[]", "rule_name[]", "file[]",
                                                         "exclude_alerts"};
  if (auto read = only_parameters(request, known); !read) return error_response(read.error());
  const auto type = request.parameter("type");
  if (type == "record") return json_response(200, success(json::object{{"groups", json::array()}}));
  if (!type.empty() && type != "alert") return error_response({ErrorCode::invalid, "type must be alert or record"});
  engine::ReleaseFilter watched;
  watched.open_only = true;
  watched.limit = most_watched;
  const RuleFilter filter{request.list("rule_group[]"), request.list("rule_name[]"), request.list("file[]"),
                          request.parameter("exclude_alerts") != "true"};
  return json_response(200, success(rule_groups(*services.guard.settings(), services.guard.releases(watched), filter)));
}

Route status_route(const Services& services, const char* name, Role role,
                   json::object (*told)(const Services& services)) {
  return {"GET", std::string("/api/v1/status/") + name, role, false,
          [services, told](const Request& request, const Reply& reply) {
            if (auto read = only_parameters(request, std::span<const std::string_view>()); !read)
              return reply(error_response(read.error()));
            reply(json_response(200, success(told(services))));
          }};
}

}  // namespace

// Who may only look is told of hooks no more than their names (in_force_json.hpp), so the configuration is for
// operators.
std::vector<Route> status_routes(const Services& services) {
  return {status_route(services, "buildinfo", Role::read, [](const Services& s) { return build_info(s.program); }),
          status_route(services, "flags", Role::read, [](const Services& s) { return flags(s.program); }),
          status_route(services, "runtimeinfo", Role::read,
                       [](const Services& s) { return runtime_info(s.program, s.guard.health(), s.clock.now().wall); }),
          status_route(services, "config", Role::operate,
                       [](const Services& s) { return json::object{{"yaml", s.guard.settings()->shown}}; }),
          {"GET", "/api/v1/rules", Role::read, false,
           [services](const Request& request, const Reply& reply) { reply(rules(services, request)); }},
          {"GET", "/api/v1/openapi.yaml", Role::read, false, [](const Request&, const Reply& reply) {
             reply(text_response(200, std::string(openapi()), "application/yaml"));
           }}};
}

}  // namespace guard::api
