// SPDX-License-Identifier: Apache-2.0
#include "guard/api/router.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <fmt/format.h>

namespace guard::api {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    out.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parameters) {
  const auto wanted = segments(pattern);
  const auto given = segments(path);
  parameters.clear();
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{') && !given[i].empty())
      parameters.emplace_back(given[i]);
    else if (wanted[i] != given[i])
      return false;
  }
  return true;
}

bool has_body(const Request& request) {
  const auto length = request.header("content-length");
  return request.headers.contains("transfer-encoding") || (!length.empty() && length != "0");
}

const Error too_many_failures{ErrorCode::unauthorized, "too many failed authentications; try again later"};

std::optional<Response> wrong_media(const Request& request, const Route& route) {
  const auto coding = lower_case(trim(request.header("content-encoding")));
  if (!coding.empty() && coding != "identity") {
    auto response = error_response(415, {ErrorCode::invalid, "compressed bodies are not read; send it plain"});
    response.headers["Accept-Encoding"] = "identity";
    return response;
  }
  if (!route.takes_json || !has_body(request)) return std::nullopt;
  const auto type = media_type(request);
  if (type == "application/json" || std::ranges::find(route.more_media, type) != route.more_media.end())
    return std::nullopt;
  std::string taken = "application/json";
  for (const auto more : route.more_media) taken += fmt::format(" or {}", more);
  return error_response(415, {ErrorCode::invalid, "the body must be sent as Content-Type: " + taken});
}

}  // namespace

Router::Router(const Services& services, Gatekeeper gatekeeper)
    : gatekeeper_(std::move(gatekeeper)),
      clock_(services.clock),
      log_(services.log),
      telemetry_(services.telemetry),
      prefix_(services.route_prefix) {
  for (auto group : {release_routes(services), webhook_routes(services), admin_routes(services), page_routes(services),
                     in_force_routes(services), rule_routes(services), freeze_routes(services), gate_routes(services),
                     preflight_routes(services), event_routes(services, failures_), figures_routes(services),
                     feed_routes(feeds_), status_routes(services), sign_in_routes(services, gatekeeper_)})
    std::move(group.begin(), group.end(), std::back_inserter(routes_));
}

void Router::replace(Gatekeeper gatekeeper) {
  gatekeeper_ = std::move(gatekeeper);
  feeds_.end_all();
}

void Router::look_at_password(const Request& request, std::function<void()> then) const {
  std::vector<std::string> ignored;
  const auto path = beneath_prefix(request.path);
  const auto* route = path ? find(request.method, *path, ignored) : nullptr;
  if (route != nullptr && (route->role || route->tells_readers_more))
    gatekeeper_.look_at_password(request, std::move(then));
  else
    then();
}

std::optional<std::string> Router::beneath_prefix(const std::string& path) const {
  if (prefix_.empty()) return path;
  return path.starts_with(prefix_ + "/") ? std::optional(path.substr(prefix_.size())) : std::nullopt;
}

// Beneath the prefix every path is as it is without one; elsewhere there is only the way to the page. The way is said
// relative to where the visitor is: a proxy in front may add a path of its own.
std::optional<Response> Router::leave_prefix(Request& request) const {
  if (auto path = beneath_prefix(request.path)) {
    request.path = std::move(*path);
    return std::nullopt;
  }
  const bool looks = request.method == "GET" || request.method == "HEAD";
  if (looks && request.path == "/") return redirect_response(prefix_.substr(1) + "/");
  if (looks && request.path == prefix_) return redirect_response(prefix_.substr(prefix_.rfind('/') + 1) + "/");
  return nothing_at_all();
}

Response Router::nothing_at_all() const {
  return error_response({ErrorCode::not_found, fmt::format("there is nothing at this path; the page for people is at "
                                                           "{}/, and the README of Release Guard leads to its HTTP API",
                                                           prefix_)});
}

// HEAD is GET whose body the session leaves out.
const Route* Router::find(const std::string& method, const std::string& path,
                          std::vector<std::string>& parameters) const {
  const std::string as = method == "HEAD" ? "GET" : method;
  const auto it = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
    return route.method == as && matches(route.pattern, path, parameters);
  });
  return it == routes_.end() ? nullptr : &*it;
}

Response Router::nothing_here(const Request& request) const {
  std::vector<std::string> ignored;
  std::string allowed;
  for (const auto& route : routes_) {
    if (!matches(route.pattern, request.path, ignored)) continue;
    allowed += (allowed.empty() ? "" : ", ") + route.method;
    if (route.method == "GET") allowed += ", HEAD";
  }
  if (allowed.empty()) return nothing_at_all();
  auto response = error_response(405, {ErrorCode::invalid, "this path does not take this method but " + allowed});
  response.headers["Allow"] = allowed;
  return response;
}

// A known token is never slowed down by a flood of unknown ones. Who delivers alerts is told the same of an unknown
// token and of one of another role: a webhook's token must not serve to find an operator's. Alertmanager gives up on
// 429 (notify/util.go), and it may be about to be given the new token: "later" is 503 to it.
Response Router::refuse(const Request& request, const Route& route, const Error& error) {
  // Who shows nothing guesses nothing, and must be told how to show something; only the log is spared.
  const bool guesses = gatekeeper_.is_guess(request, clock_.now().wall);
  const bool within_budget = (guesses ? failures_ : strangers_).take(clock_.now().mono);
  if (within_budget)
    log_.warn("api", "request refused",
              {{"peer", request.peer}, {"method", request.method}, {"path", route.pattern}, {"err", error.message}});
  if (route.role == config::Role::alerts) telemetry_.alerts_received(engine::AlertIntake::denied, 1);
  auto response = refusal(route, error, within_budget || !guesses);
  if (response.status == 401)
    for (auto& [name, value] : gatekeeper_.challenge(request)) response.headers[name] = value;
  return response;
}

Response Router::refusal(const Route& route, const Error& error, bool within_budget) const {
  if (error.code == ErrorCode::unavailable) return error_response(error);
  const bool alerts = route.role == config::Role::alerts;
  const bool guess = !without_tokens() && (alerts || error.code == ErrorCode::unauthorized);
  if (!guess) return error_response(error);
  if (!within_budget) return error_response(alerts ? 503 : 429, too_many_failures);
  if (!alerts) return error_response(error);
  return error_response({ErrorCode::unauthorized,
                         "a bearer token of role alerts is needed: Authorization: Bearer "
                         "<token>; the log of the guard says what was wrong with this one"});
}

std::expected<const Route*, Response> Router::admit(Request& request) {
  if (auto elsewhere = leave_prefix(request)) return std::unexpected(std::move(*elsewhere));
  const auto* route = find(request.method, request.path, request.parameters);
  if (route == nullptr) return std::unexpected(nothing_here(request));
  const auto now = clock_.now().wall;
  const bool is_signed = route->is_signed != nullptr && route->is_signed(request);
  if (route->role && !is_signed) {
    auto visitor = gatekeeper_.admit(request, *route->role, now);
    if (!visitor) return std::unexpected(refuse(request, *route, visitor.error()));
    request.actor = std::move(visitor->name);
    request.role = visitor->role;
    request.signed_in = visitor->signed_in;
  }
  if (route->tells_readers_more) {
    const auto reader = gatekeeper_.admit(request, config::Role::read, now);
    request.may_read = reader.has_value();
    // What an answer says only to who may read must not serve to find a token.
    if (!reader && gatekeeper_.is_guess(request, now) && !failures_.take(clock_.now().mono))
      return std::unexpected(error_response(429, too_many_failures));
  }
  if (auto refused = wrong_media(request, *route)) return std::unexpected(std::move(*refused));
  return route;
}

}  // namespace guard::api
