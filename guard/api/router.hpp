// SPDX-License-Identifier: Apache-2.0
//
// The table of routes: what there is, who may use it, and which function does it. Loop thread only.
#pragma once

#include "guard/api/accept.hpp"
#include "guard/api/auth.hpp"
#include "guard/api/feed.hpp"
#include "guard/api/message.hpp"
#include "guard/api/program.hpp"
#include "guard/base/clock.hpp"
#include "guard/base/log.hpp"
#include "guard/base/random.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/telemetry.hpp"

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

// What handlers work with; all of it outlives the router.
struct Services {
  engine::GuardService& guard;
  engine::Telemetry& telemetry;
  const Clock& clock;
  Random& random;
  const Log& log;
  // Hands over /metrics in a form.
  std::function<void(ScrapeForm, std::function<void(std::string)>)> metrics;
  Program program = {};
  std::string route_prefix = {};  // of every path: "/guard"; empty: none
  // To be asked once the listener is there.
  std::function<Listening()> listening = {};
};

// The request lives until the reply has been called.
using Handler = std::function<void(const Request&, Reply)>;

struct Route {
  std::string method;
  std::string pattern;               // "/api/v1/releases/{id}"
  std::optional<config::Role> role;  // nothing: no token needed
  bool takes_json = false;           // the body, if there is one, must be application/json
  Handler handler;
  // Forms of JSON that the body may have beside it.
  std::vector<std::string_view> more_media = {};
  // True for a request that shows by its body who sent it, and to whom: no token is asked for, and the handler looks.
  bool (*is_signed)(const Request&) = nullptr;
  bool tells_readers_more = false;  // asked by anyone; the answer depends on whether they may read
};

// The groups of routes, each in its own file.
std::vector<Route> release_routes(const Services& services);
std::vector<Route> webhook_routes(const Services& services);
std::vector<Route> admin_routes(const Services& services);
std::vector<Route> page_routes(const Services& services);
std::vector<Route> in_force_routes(const Services& services);
std::vector<Route> rule_routes(const Services& services);
std::vector<Route> preflight_routes(const Services& services);
std::vector<Route> freeze_routes(const Services& services);
std::vector<Route> gate_routes(const Services& services);
std::vector<Route> event_routes(const Services& services, FailureBudget& failures);
std::vector<Route> figures_routes(const Services& services);
std::vector<Route> feed_routes(Feeds& feeds);
std::vector<Route> status_routes(const Services& services);
std::vector<Route> sign_in_routes(const Services& services, const Gatekeeper& gatekeeper);

class Router {
 public:
  Router(const Services& services, Gatekeeper gatekeeper);
  // Routes refer to its feeds.
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // Calls `then` once admit() can tell who asks: at once, or when a password that the request shows has been looked at.
  // Nobody's is where it does not matter who asks.
  void look_at_password(const Request& request, std::function<void()> then) const;

  // What can be decided from the head alone. The route that answers, with the request's actor and parameters set; or
  // the refusal: 404, 405, 401, 403, 415, 429 for a flood of unknown tokens, and 503 for one of passwords.
  std::expected<const Route*, Response> admit(Request& request);

  // Other tokens from here on; whoever reads a feed must come again with one of them.
  void replace(Gatekeeper gatekeeper);
  // Tells every open feed that these releases have changed.
  void changed(const std::vector<std::string>& releases) { feeds_.changed(releases); }
  bool without_tokens() const { return gatekeeper_.without_tokens(); }
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::optional<Response> leave_prefix(Request& request) const;
  Response nothing_at_all() const;
  // The path without the prefix, or nothing where it is not beneath it.
  std::optional<std::string> beneath_prefix(const std::string& path) const;
  const Route* find(const std::string& method, const std::string& path, std::vector<std::string>& parameters) const;
  Response nothing_here(const Request& request) const;
  Response refuse(const Request& request, const Route& route, const Error& error);
  Response refusal(const Route& route, const Error& error, bool within_budget) const;

  Feeds feeds_;
  std::vector<Route> routes_;
  Gatekeeper gatekeeper_;
  FailureBudget failures_;
  FailureBudget strangers_;  // who show nothing
  const Clock& clock_;
  const Log& log_;
  engine::Telemetry& telemetry_;
  const std::string prefix_;
};

}  // namespace guard::api
