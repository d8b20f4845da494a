// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"
#include "guard/api/report_parts.hpp"
#include "guard/api/router.hpp"
#include "guard/api/target.hpp"
#include "guard/report/what_if.hpp"
#include "guard/report/written.hpp"
#include "guard/story/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <fmt/format.h>

namespace guard::api {
namespace {

using config::Role;
using model::Verb;
using store::TimelinePage;
using store::TimelineQuery;
using story::ReleaseView;

// How much of a list is given unless the request says otherwise, and at most.
struct Bounds {
  std::size_t by_default = 100;
  std::size_t at_most = 1000;
};
constexpr Bounds listed;
constexpr Bounds timeline_bounds{200, 1000};
constexpr std::size_t timeline_of_report = 2000;

// A completion that answers with the release, or with the error.
engine::Completion<ReleaseView> answer_with_release(const Services& services, Reply reply) {
  return [outside = story::outside_of(*services.guard.settings()),
          reply = std::move(reply)](const Result<ReleaseView>& view) {
    reply(view ? json_response(200, story::to_json(*view, outside)) : error_response(view.error()));
  };
}

void announce(const Services& services, const Request& request, Reply reply) {
  auto announcement = parse_announcement(request, services.random);
  if (!announcement) return reply(error_response(announcement.error()));
  services.guard.announce(
      std::move(*announcement), [outside = story::outside_of(*services.guard.settings()),
                                 reply = std::move(reply)](const Result<engine::Announced>& announced) {
        if (!announced) return reply(error_response(announced.error()));
        auto response = json_response(announced->created ? 201 : 200, story::to_json(announced->release, outside));
        response.headers["Location"] = "/api/v1/releases/" + announced->release.spec.id;
        reply(std::move(response));
      });
}

template <class Number>
std::optional<Number> whole_number(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Result<std::size_t> read_limit(const Request& request, const std::string& name, Bounds bounds) {
  const auto text = request.parameter(name);
  if (text.empty()) return bounds.by_default;
  const auto limit = whole_number<std::size_t>(text);
  if (!limit || *limit == 0 || *limit > bounds.at_most)
    return fail(ErrorCode::invalid, fmt::format("{} must be a whole number from 1 to {}", name, bounds.at_most));
  return *limit;
}

std::string all_phases() {
  std::string out;
  for (const auto& [phase, name] : EnumNames<model::Phase>::table) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

// "passed,rolled_back": any of these.
Result<std::vector<model::Phase>> read_phases(const std::string& text) {
  std::vector<model::Phase> phases;
  for (std::size_t at = 0; !text.empty() && at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto phase = from_string<model::Phase>(text.substr(at, end - at));
    if (!phase)
      return fail(ErrorCode::invalid,
                  fmt::format("phase must be one of {}, or several with commas between", all_phases()));
    phases.push_back(*phase);
    at = end + 1;
  }
  return phases;
}

Result<engine::ReleaseFilter> read_filter(const Request& request) {
  static constexpr std::array<std::string_view, 6> known{"service", "environment",  "phase",
                                                         "open",    "needs_person", "limit"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  for (const auto* flag : {"open", "needs_person"}) {
    const auto value = request.parameter(flag);
    if (!value.empty() && value != "true" && value != "false")
      return fail(ErrorCode::invalid, fmt::format("{} must be true or false", flag));
  }
  const auto limit = read_limit(request, "limit", listed);
  if (!limit) return std::unexpected(limit.error());
  auto phases = read_phases(request.parameter("phase"));
  if (!phases) return std::unexpected(phases.error());
  return engine::ReleaseFilter{places_in(request), request.parameter("open") == "true",
                               request.parameter("needs_person") == "true", std::move(*phases), *limit};
}

void list(const Services& services, const Request& request, const Reply& reply) {
  const auto filter = read_filter(request);
  if (!filter) return reply(error_response(filter.error()));
  json::array out;
  for (const auto& view : services.guard.releases(*filter)) out.push_back(story::summary_json(view));
  json::array environments;
  for (const auto& name : services.guard.environments()) environments.emplace_back(name);
  const auto in_force = services.guard.health().in_force;
  reply(json_response(200, json::object{{"releases", std::move(out)},
                                        {"in_force", story::to_json(in_force)},
                                        {"environments", std::move(environments)}}));
}

Result<TimelineQuery> read_page(const Request& request) {
  static constexpr std::array<std::string_view, 2> known{"timeline_limit", "timeline_before"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  const auto limit = read_limit(request, "timeline_limit", timeline_bounds);
  if (!limit) return std::unexpected(limit.error());
  TimelineQuery query{request.parameters.at(0), *limit, std::nullopt};
  const auto before = request.parameter("timeline_before");
  query.before = whole_number<std::int64_t>(before);
  if (!before.empty() && !query.before)
    return fail(ErrorCode::invalid, "timeline_before must be what another answer said in `timeline_before`");
  return query;
}

// Hands the release and a part of its timeline on, or answers with what went wrong.
void with_timeline(const Services& services, TimelineQuery query, Reply reply,
                   std::function<void(ReleaseView, TimelinePage, Reply)> next) {
  auto view = services.guard.release(query.release);
  if (!view) return reply(error_response(view.error()));
  services.guard.timeline(std::move(query), [view = std::move(*view), reply = std::move(reply),
                                             next = std::move(next)](Result<TimelinePage> page) {
    if (!page) return reply(error_response(page.error()));
    next(view, std::move(*page), reply);
  });
}

void show(const Services& services, const Request& request, Reply reply) {
  auto query = read_page(request);
  if (!query) return reply(error_response(query.error()));
  with_timeline(services, std::move(*query), std::move(reply),
                [outside = story::outside_of(*services.guard.settings())](
                    const ReleaseView& view, const TimelinePage& page, const Reply& answer) {
                  auto body = story::to_json(view, outside);
                  story::add_timeline(body, page.events, page.before);
                  answer(json_response(200, body));
                });
}

void report(const Services& services, const Request& request, Reply reply) {
  const auto format = report_format(request);
  if (!format) return reply(error_response(format.error()));
  with_timeline(services, {request.parameters.at(0), timeline_of_report, std::nullopt}, std::move(reply),
                [&guard = services.guard, format = *format](ReleaseView view, TimelinePage page, const Reply& answer) {
                  const auto parts = std::make_shared<report::Report>(report::Report{
                      std::move(view), std::move(page.events), {}, page.before, story::outside_of(*guard.settings())});
                  parts->failure = failure_of(
                      guard.figures({{parts->view.spec.service, parts->view.spec.environment}, longest_span}),
                      parts->view.spec.id);
                  ask_series(guard, parts->view, [parts, format, answer](std::vector<story::SeriesView> series) {
                    parts->series = std::move(series);
                    answer(as_response(report::written(*parts, format)));
                  });
                });
}

void series(const Services& services, const Request& request, Reply reply) {
  static constexpr std::array<std::string_view, 1> known{"slo"};
  if (auto read = only_parameters(request, known); !read) return reply(error_response(read.error()));
  auto slo = request.parameter("slo");
  if (slo.empty()) return reply(error_response({ErrorCode::invalid, "name the objective to draw: ?slo=…"}));
  services.guard.series({request.parameters.at(0), std::move(slo)},
                        [reply = std::move(reply)](const Result<story::SeriesView>& drawn) {
                          reply(drawn ? json_response(200, story::to_json(*drawn)) : error_response(drawn.error()));
                        });
}

void what_if(const Services& services, const Request& request, Reply reply) {
  auto query = parse_what_if(request);
  if (!query) return reply(error_response(query.error()));
  services.guard.what_if(std::move(*query), [reply = std::move(reply)](const Result<engine::WhatIfAnswer>& answer) {
    reply(answer ? json_response(200, report::to_json(answer->trial, answer->what_if))
                 : error_response(answer.error()));
  });
}

void signal(const Services& services, const Request& request, Reply reply) {
  auto post = parse_signal(request, services.clock.now().wall);
  if (!post) return reply(error_response(post.error()));
  services.guard.signal(std::move(*post), answer_with_release(services, std::move(reply)));
}

Route order_route(const Services& services, Verb verb) {
  const auto role = verb == Verb::live ? Role::deploy : Role::operate;
  return {"POST", fmt::format("/api/v1/releases/{{id}}/{}", to_string(verb)), role, true,
          [services, verb](const Request& request, Reply reply) {
            auto order = parse_order(request, verb);
            if (!order) return reply(error_response(order.error()));
            services.guard.order(std::move(*order), answer_with_release(services, std::move(reply)));
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
                            {"POST", "/api/v1/releases/{id}/what-if", Role::read, true, bound(what_if)},
                            {"POST", "/api/v1/releases/{id}/signal", Role::deploy, true, bound(signal)}};
  for (const auto& [verb, name] : EnumNames<Verb>::table) routes.push_back(order_route(services, verb));
  return routes;
}

}  // namespace guard::api
