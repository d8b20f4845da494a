// SPDX-License-Identifier: Apache-2.0
#include "guard/api/json_views.hpp"
#include "guard/api/release_requests.hpp"
#include "guard/api/report.hpp"
#include "guard/api/report_series.hpp"
#include "guard/api/router.hpp"
#include "guard/api/target.hpp"

#include <array>
#include <charconv>
#include <memory>

#include <fmt/format.h>

namespace guard::api {
namespace {

using config::Role;
using engine::ReleaseView;
using engine::Verb;
using Timeline = std::vector<journal::TimelineEvent>;

constexpr std::size_t listed_by_default = 100;
constexpr std::size_t listed_at_most = 1000;

// A completion that answers with the release, or with the error.
engine::Completion<ReleaseView> answer_with_release(Reply reply) {
  return [reply = std::move(reply)](const Result<ReleaseView>& view) {
    reply(view ? json_response(200, to_json(*view)) : error_response(view.error()));
  };
}

void announce(const Services& services, const Request& request, Reply reply) {
  auto spec = parse_announcement(request, services.random);
  if (!spec) return reply(error_response(spec.error()));
  services.guard.announce(std::move(*spec), {request.actor},
                          [reply = std::move(reply)](const Result<engine::Announced>& announced) {
                            if (!announced) return reply(error_response(announced.error()));
                            auto response = json_response(announced->created ? 201 : 200, to_json(announced->release));
                            response.headers["Location"] = "/api/v1/releases/" + announced->release.spec.id;
                            reply(std::move(response));
                          });
}

std::string parameter(const Request& request, const std::string& name) {
  const auto it = request.query.find(name);
  return it == request.query.end() ? "" : it->second;
}

Result<std::size_t> read_limit(const std::string& text) {
  if (text.empty()) return listed_by_default;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit == 0 || limit > listed_at_most)
    return fail(ErrorCode::invalid, fmt::format("limit must be a whole number from 1 to {}", listed_at_most));
  return limit;
}

Result<engine::ReleaseFilter> read_filter(const Request& request) {
  static constexpr std::array<std::string_view, 5> known{"service", "environment", "open", "needs_person", "limit"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  for (const auto* flag : {"open", "needs_person"}) {
    const auto value = parameter(request, flag);
    if (!value.empty() && value != "true" && value != "false")
      return fail(ErrorCode::invalid, fmt::format("{} must be true or false", flag));
  }
  return engine::ReleaseFilter{parameter(request, "service"), parameter(request, "environment"),
                               parameter(request, "open") == "true", parameter(request, "needs_person") == "true"};
}

void list(const Services& services, const Request& request, const Reply& reply) {
  const auto filter = read_filter(request);
  if (!filter) return reply(error_response(filter.error()));
  const auto limit = read_limit(parameter(request, "limit"));
  if (!limit) return reply(error_response(limit.error()));
  json::array out;
  for (const auto& view : services.guard.releases(*filter)) {
    if (out.size() >= *limit) break;
    out.push_back(summary_json(view));
  }
  const auto in_force = services.guard.health().in_force;
  reply(json_response(200, json::object{{"releases", std::move(out)}, {"in_force", to_json(in_force)}}));
}

// Hands the release and its timeline on, or answers with what went wrong.
void with_timeline(const Services& services, const Request& request, Reply reply,
                   std::function<void(ReleaseView, Timeline, Reply)> next) {
  auto view = services.guard.release(request.parameters.at(0));
  if (!view) return reply(error_response(view.error()));
  const auto id = view->spec.id;  // the view moves into the completion, maybe before the call is made
  services.guard.timeline(
      id, [view = std::move(*view), reply = std::move(reply), next = std::move(next)](Result<Timeline> timeline) {
        if (!timeline) return reply(error_response(timeline.error()));
        next(view, std::move(*timeline), reply);
      });
}

void show(const Services& services, const Request& request, Reply reply) {
  with_timeline(services, request, std::move(reply),
                [](const ReleaseView& view, const Timeline& timeline, const Reply& answer) {
                  auto body = to_json(view);
                  body["timeline"] = to_json(timeline);
                  answer(json_response(200, body));
                });
}

void report(const Services& services, const Request& request, Reply reply) {
  const auto format = report_format(request);
  if (!format) return reply(error_response(format.error()));
  with_timeline(services, request, std::move(reply),
                [&guard = services.guard, format = *format](ReleaseView view, Timeline timeline, const Reply& answer) {
                  const auto parts = std::make_shared<Report>(Report{std::move(view), std::move(timeline), {}});
                  ask_series(guard, parts->view, [parts, format, answer](std::vector<engine::SeriesView> series) {
                    parts->series = std::move(series);
                    answer(make_report(*parts, format));
                  });
                });
}

void series(const Services& services, const Request& request, Reply reply) {
  static constexpr std::array<std::string_view, 1> known{"slo"};
  if (auto read = only_parameters(request, known); !read) return reply(error_response(read.error()));
  auto slo = parameter(request, "slo");
  if (slo.empty()) return reply(error_response({ErrorCode::invalid, "name the objective to draw: ?slo=…"}));
  services.guard.series({request.parameters.at(0), std::move(slo)},
                        [reply = std::move(reply)](const Result<engine::SeriesView>& drawn) {
                          reply(drawn ? json_response(200, to_json(*drawn)) : error_response(drawn.error()));
                        });
}

void signal(const Services& services, const Request& request, Reply reply) {
  auto post = parse_signal(request, services.clock.now().wall);
  if (!post) return reply(error_response(post.error()));
  services.guard.signal(std::move(*post), answer_with_release(std::move(reply)));
}

Route order_route(const Services& services, Verb verb) {
  const auto role = verb == Verb::live ? Role::deploy : Role::operate;
  return {"POST", fmt::format("/api/v1/releases/{{id}}/{}", to_string(verb)), role, true,
          [services, verb](const Request& request, Reply reply) {
            auto order = parse_order(request, verb);
            if (!order) return reply(error_response(order.error()));
            services.guard.order(std::move(*order), answer_with_release(std::move(reply)));
          }};
}

}  // namespace

std::vector<Route> release_routes(const Services& services) {
  const auto bound = [&services](auto function) {
    return [services, function](const Request& request, const Reply& reply) { function(services, request, reply); };
  };
  std::vector<Route> routes{{"POST", "/api/v1/releases", Role::deploy, true, bound(announce)},
                            {"GET", "/api/v1/releases", Role::read, false, bound(list)},
                            {"GET", "/api/v1/releases/{id}", Role::read, false, bound(show)},
                            {"GET", "/api/v1/releases/{id}/report", Role::read, false, bound(report)},
                            {"GET", "/api/v1/releases/{id}/series", Role::read, false, bound(series)},
                            {"POST", "/api/v1/releases/{id}/signal", Role::deploy, true, bound(signal)}};
  for (const auto& [verb, name] : EnumNames<Verb>::table) routes.push_back(order_route(services, verb));
  return routes;
}

}  // namespace guard::api
