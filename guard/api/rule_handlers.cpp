// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"
#include "guard/api/router.hpp"
#include "guard/api/target.hpp"
#include "guard/story/json.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::api {
namespace {

using config::Role;

// The text of the file that a group in force was read from, as it was then. Every group was read from one.
Response rules_text(const config::Settings& settings, const std::string& name) {
  const auto group = std::ranges::find(settings.groups, name, [](const auto& one) { return one->name; });
  if (group == settings.groups.end())
    return error_response({ErrorCode::invalid, fmt::format("no rule group \"{}\" is in force", name)});
  const auto& file = (*group)->file;
  return json_response(200, json::object{{"group", name}, {"file", file}, {"text", settings.rule_texts.at(file)}});
}

void show_rules(const Services& services, const Request& request, const Reply& reply) {
  static constexpr std::array<std::string_view, 1> known{"group"};
  if (auto read = only_parameters(request, known); !read) return reply(error_response(read.error()));
  const auto group = request.query.find("group");
  if (group == request.query.end() || group->second.empty())
    return reply(error_response({ErrorCode::invalid, "name the rule group whose file is to be shown: ?group=…"}));
  reply(rules_text(*services.guard.settings(), group->second));
}

void check_rules(const Services& services, const Request& request, Reply reply) {
  auto rules = parse_rule_text(request);
  if (!rules) return reply(error_response(rules.error()));
  services.guard.check_rules(std::move(rules->text), [reply = std::move(reply)](const Result<config::Findings>& found) {
    reply(found ? json_response(200, config::to_json(*found)) : error_response(found.error()));
  });
}

void rule_series(const Services& services, const Request& request, Reply reply) {
  auto rules = parse_rule_text(request);
  if (!rules) return reply(error_response(rules.error()));
  services.guard.rule_series(
      std::move(rules->text), rules->line, [reply = std::move(reply)](const Result<story::SeriesView>& drawn) {
        reply(drawn ? json_response(200, story::to_json(*drawn)) : error_response(drawn.error()));
      });
}

}  // namespace

std::vector<Route> rule_routes(const Services& services) {
  const auto bound = [&services](auto function) {
    return [services, function](const Request& request, const Reply& reply) { function(services, request, reply); };
  };
  return {{"GET", "/api/v1/rules/text", Role::read, false, bound(show_rules)},
          {"POST", "/api/v1/rules/check", Role::operate, true, bound(check_rules)},
          {"POST", "/api/v1/rules/series", Role::operate, true, bound(rule_series)}};
}

}  // namespace guard::api
