// SPDX-License-Identifier: Apache-2.0
#include "guard/api/router.hpp"

namespace guard::api {
namespace {

using config::Role;

// Prometheus 3 refuses a scrape without a version here.
constexpr const char* text_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* open_metrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

void metrics(const Services& services, const Request& request, Reply reply) {
  const auto form = scrape_form(request);
  services.metrics(form, [form, reply = std::move(reply)](std::string page) {
    auto response = text_response(200, std::move(page), form.open_metrics ? open_metrics_type : text_type);
    if (form.gzip) response.headers["Content-Encoding"] = "gzip";
    response.headers["Vary"] = "Accept, Accept-Encoding";
    reply(std::move(response));
  });
}

// Asked by load balancers and container runtimes without a token, so details are only for who may read.
void ready(const Services& services, const Request& request, const Reply& reply) {
  const auto health = services.guard.health();
  std::string body = health.ready ? "Release Guard is ready.\n" : "Release Guard is not ready.\n";
  for (const auto& problem : health.problems) body += problem + "\n";
  if (request.may_read && health.store_trouble) body += health.store_trouble->why + "\n";
  reply(text_response(health.ready ? 200 : 503, std::move(body)));
}

void reload(const Services& services, Reply reply) {
  services.guard.reload([reply = std::move(reply)](const Result<std::string>& result) {
    reply(result ? text_response(200, *result + "\n")
                 : text_response(500, "the configuration was not reloaded; the last good one stays in force:\n" +
                                          result.error().message + "\n"));
  });
}

}  // namespace

std::vector<Route> admin_routes(const Services& services) {
  const auto reloads = [services](const Request&, Reply reply) { reload(services, std::move(reply)); };
  return {{"GET", "/-/healthy", std::nullopt, false,
           [](const Request&, const Reply& reply) { reply(text_response(200, "Release Guard is healthy.\n")); }},
          {"GET",
           "/-/ready",
           std::nullopt,
           false,
           [services](const Request& request, const Reply& reply) { ready(services, request, reply); },
           {},
           nullptr,
           true},
          {"POST", "/-/reload", Role::operate, false, reloads},
          {"PUT", "/-/reload", Role::operate, false, reloads},
          {"GET", "/metrics", Role::read, false,
           [services](const Request& request, Reply reply) { metrics(services, request, std::move(reply)); }}};
}

}  // namespace guard::api
