// SPDX-License-Identifier: Apache-2.0
#include "guard/api/body.hpp"
#include "guard/api/router.hpp"
#include "guard/story/json.hpp"

#include <array>

namespace guard::api {
namespace {

using config::Role;
using model::Freeze;

Result<Freeze> parse_freeze(const Request& request, Random& random) {
  static constexpr std::array<std::string_view, 5> keys{"id", "match", "until", "allow", "reason"};
  return parse_body<Freeze>(request, keys, [&](Body& body) {
    Freeze freeze;
    freeze.origin = model::FreezeOrigin::ordered;
    freeze.id = body.id(request, random);
    freeze.match = body.matchers("match");
    const auto until = body.time("until");
    if (!until) body.refuse("until is missing: when the freeze ends by itself, as RFC 3339");
    freeze.span.until = until.value_or(WallTime{});
    freeze.allow = body.has("allow") ? body.kinds("allow") : model::allowed_in_freezes;
    freeze.reason = body.name("reason");
    freeze.actor = request.actor;
    return freeze;
  });
}

Result<engine::FreezeEnd> parse_end(const Request& request) {
  static constexpr std::array<std::string_view, 1> keys{"reason"};
  return parse_body<engine::FreezeEnd>(request, keys, [&](Body& body) {
    return engine::FreezeEnd{request.parameters.at(0), {request.actor}, body.words("reason")};
  });
}

void begin(const Services& services, const Request& request, Reply reply) {
  auto freeze = parse_freeze(request, services.random);
  if (!freeze) return reply(error_response(freeze.error()));
  services.guard.begin_freeze(std::move(*freeze),
                              [now = services.clock.now().wall, reply = std::move(reply)](const auto& frozen) {
                                if (!frozen) return reply(error_response(frozen.error()));
                                reply(json_response(frozen->created ? 201 : 200, story::to_json(frozen->freeze, now)));
                              });
}

void end(const Services& services, const Request& request, Reply reply) {
  auto asked = parse_end(request);
  if (!asked) return reply(error_response(asked.error()));
  services.guard.end_freeze(
      std::move(*asked), [now = services.clock.now().wall, reply = std::move(reply)](const auto& freeze) {
        reply(freeze ? json_response(200, story::to_json(*freeze, now)) : error_response(freeze.error()));
      });
}

void list(const Services& services, const Reply& reply) {
  reply(json_response(200,
                      json::object{{"freezes", story::to_json(services.guard.freezes(), services.clock.now().wall)}}));
}

}  // namespace

std::vector<Route> freeze_routes(const Services& services) {
  return {{"GET", "/api/v1/freezes", Role::read, false,
           [services](const Request&, const Reply& reply) { list(services, reply); }},
          {"POST", "/api/v1/freezes", Role::operate, true,
           [services](const Request& request, Reply reply) { begin(services, request, std::move(reply)); }},
          {"POST", "/api/v1/freezes/{id}/end", Role::operate, true,
           [services](const Request& request, Reply reply) { end(services, request, std::move(reply)); }}};
}

}  // namespace guard::api
