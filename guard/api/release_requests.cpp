// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"

#include "guard/api/body.hpp"
#include "guard/api/target.hpp"

#include <array>

#include <fmt/format.h>

namespace guard::api {
namespace {

model::ReleaseKind read_kind(Body& body) {
  const auto name = body.name_or_empty("kind");
  const auto kind = from_string<model::ReleaseKind>(name.empty() ? "feature" : name);
  if (!kind) body.refuse(fmt::format("kind \"{}\" is none of feature, hotfix, rollback", name));
  return kind.value_or(model::ReleaseKind::feature);
}

bool read_deploying(Body& body) {
  const auto phase = body.name_or_empty("phase");
  if (!phase.empty() && phase != "deploying")
    body.refuse("phase may only be \"deploying\"; leave it out for a release that is live");
  return phase == "deploying";
}

model::ReleaseSpec read_spec(Body& body) {
  model::ReleaseSpec spec;
  spec.service = body.name("service");
  spec.environment = body.name("environment");
  spec.version = body.name("version");
  spec.previous_version = body.name_or_empty("previous_version");
  spec.kind = read_kind(body);
  spec.live_at = body.time("live_at");
  spec.labels = body.labels("labels");
  spec.deploying = read_deploying(body);
  if (spec.deploying && spec.live_at) body.refuse("a release that is deploying has no live_at yet; say it with /live");
  return spec;
}

}  // namespace

model::Places places_in(const Request& request) {
  const auto named = [&](const char* parameter) {
    auto name = request.parameter(parameter);
    return name.empty() ? std::nullopt : std::optional(std::move(name));
  };
  return {named("service"), named("environment")};
}

Result<engine::Announcement> parse_announcement(const Request& request, Random& random) {
  static constexpr std::array<std::string_view, 9> keys{
      "service", "environment", "version", "previous_version", "kind", "id", "live_at", "labels", "phase"};
  return parse_body<engine::Announcement>(request, keys, [&](Body& body) {
    engine::Announcement announcement{read_spec(body), {request.actor}, !body.has("previous_version")};
    announcement.spec.id = body.id(request, random);
    return announcement;
  });
}

Result<model::ReleaseSpec> parse_spec(const json::value& fields) {
  static constexpr std::array<std::string_view, 6> keys{"service",          "environment", "version",
                                                        "previous_version", "kind",        "labels"};
  return parse_object<model::ReleaseSpec>(fields, keys, read_spec);
}

Result<engine::Order> parse_order(const Request& request, model::Verb verb) {
  static constexpr std::array<std::string_view, 1> live_keys{"live_at"};
  static constexpr std::array<std::string_view, 1> order_keys{"reason"};
  static constexpr std::array<std::string_view, 2> rollback_keys{"reason", "to"};
  const bool live = verb == model::Verb::live;
  const auto known = live                            ? Body::Keys(live_keys)
                     : verb == model::Verb::rollback ? Body::Keys(rollback_keys)
                                                     : Body::Keys(order_keys);
  return parse_body<engine::Order>(request, known, [&](Body& body) {
    engine::Order order{verb, request.parameters.at(0), {request.actor}, "", std::nullopt};
    if (live) order.live_at = body.time("live_at");
    if (!live) order.reason = body.words("reason");
    if (body.has("to")) order.to = body.name("to");
    return order;
  });
}

Result<engine::WhatIfQuery> parse_what_if(const Request& request) {
  static constexpr std::array<std::string_view, 4> keys{"slo", "objective", "for", "confidence"};
  return parse_body<engine::WhatIfQuery>(request, keys, [&](Body& body) {
    engine::WhatIfQuery query;
    query.release = request.parameters.at(0);
    query.slo = body.name("slo");
    query.change = {body.written("objective"), body.written("for"), body.written("confidence")};
    if (!query.change.objective && !query.change.sustained && !query.change.confidence)
      body.refuse("say what is to be tried: objective, for or confidence, as a rule file writes it");
    return query;
  });
}

Result<RuleTextRequest> parse_rule_text(const Request& request) {
  static constexpr std::array<std::string_view, 3> keys{"text", "file", "line"};
  return parse_body<RuleTextRequest>(request, keys, [&](Body& body) {
    RuleTextRequest out;
    out.text.text = body.text("text");
    out.text.file = body.name_or_empty("file");
    if (out.text.file.empty()) out.text.file = "rules.yml";
    out.line = body.whole_number("line", out.line);
    return out;
  });
}

Result<engine::SignalPost> parse_signal(const Request& request, WallTime now) {
  static constexpr std::array<std::string_view, 3> keys{"name", "status", "detail"};
  return parse_body<engine::SignalPost>(request, keys, [&](Body& body) {
    engine::SignalPost post;
    post.release = request.parameters.at(0);
    post.actor = {request.actor};
    post.name = body.name("name");
    const auto status = body.name("status");
    if (status != "succeeded" && status != "failed") body.refuse("status must be succeeded or failed");
    post.signal = {status == "succeeded", body.words("detail"), now};
    return post;
  });
}

Result<engine::PreflightQuery> parse_preflight(const Request& request) {
  static constexpr std::array<std::string_view, 4> in_query{"service", "environment", "version", "kind"};
  static constexpr std::array<std::string_view, 6> in_body{"service", "environment", "version",
                                                           "kind",    "labels",      "message"};
  const auto read = [&](Body& body) {
    engine::PreflightQuery query;
    query.spec.service = body.name("service");
    query.spec.environment = body.name("environment");
    query.spec.version = body.name_or_empty("version");
    query.spec.kind = read_kind(body);
    query.spec.labels = body.labels("labels");
    query.acts = request.method == "POST";
    query.message = body.flag("message");
    return query;
  };
  if (request.method == "POST") return parse_body<engine::PreflightQuery>(request, in_body, read);
  json::object parameters;
  for (const auto& [name, value] : request.query) parameters[name] = value;
  for (const auto& [name, values] : request.lists) parameters[name] = values.front();
  return parse_object<engine::PreflightQuery>(parameters, in_query, read);
}

Result<report::Format> report_format(const Request& request) {
  static constexpr std::array<std::string_view, 1> known{"format"};
  if (auto read = only_parameters(request, known); !read) return std::unexpected(read.error());
  if (const auto it = request.query.find("format"); it != request.query.end()) {
    if (const auto format = from_string<report::Format>(it->second)) return *format;
    return fail(ErrorCode::invalid, "format must be json, md or html");
  }
  const auto accept = request.header("accept");
  if (accept.find("text/html") != std::string::npos) return report::Format::html;
  if (accept.find("application/json") != std::string::npos) return report::Format::json;
  return report::Format::md;
}

}  // namespace guard::api
