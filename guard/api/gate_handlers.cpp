// SPDX-License-Identifier: Apache-2.0
#include "guard/api/router.hpp"
#include "guard/api/target.hpp"
#include "guard/story/json.hpp"

#include <array>

#include <fmt/format.h>

namespace guard::api {
namespace {

Result<engine::GateQuery> read_query(const Request& request) {
  static constexpr std::array<std::string_view, 4> known{"service", "environment", "version", "kind"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  engine::GateQuery query{request.parameter("service"), request.parameter("environment"), request.parameter("version"),
                          model::ReleaseKind::feature};
  if (query.service.empty() || query.environment.empty())
    return fail(ErrorCode::invalid, "name the place: ?service=…&environment=…");
  const auto kind = request.parameter("kind");
  if (kind.empty()) return query;
  const auto known_kind = from_string<model::ReleaseKind>(kind);
  if (!known_kind) return fail(ErrorCode::invalid, "kind must be feature, hotfix or rollback");
  query.kind = *known_kind;
  return query;
}

void gate(const Services& services, const Request& request, Reply reply) {
  auto query = read_query(request);
  if (!query) return reply(error_response(query.error()));
  services.guard.gate(std::move(*query), [&clock = services.clock, reply = std::move(reply)](const auto& checks) {
    reply(checks ? json_response(200, story::to_json(*checks, clock.now().wall)) : error_response(checks.error()));
  });
}

}  // namespace

std::vector<Route> gate_routes(const Services& services) {
  return {{"GET", "/api/v1/gate", config::Role::read, false,
           [services](const Request& request, Reply reply) { gate(services, request, std::move(reply)); }}};
}

}  // namespace guard::api
