// SPDX-License-Identifier: Apache-2.0
#include "guard/api/cloud_event.hpp"

#include "guard/api/body.hpp"
#include "guard/api/target.hpp"

#include <array>

#include <fmt/format.h>

namespace guard::api {
namespace {

constexpr std::array<std::string_view, 5> attributes{"specversion", "id", "source", "type", "time"};

// `data` is the caller's to add.
Result<CloudEvent> event_of(const json::value& fields) {
  return parse_object<CloudEvent>(fields, attributes, [](Body& body) {
    if (body.name("specversion") != "1.0") body.refuse("specversion must be 1.0");
    CloudEvent event;
    event.id = body.name("id");
    event.source = body.name("source");
    event.type = body.name("type");
    event.time = body.time("time");
    return event;
  });
}

Result<CloudEvent> read_structured(const Request& request) {
  auto value = parse_json_request(request.body);
  if (!value) return std::unexpected(value.error());
  if (!value->is_object()) return fail(ErrorCode::invalid, "a CloudEvent is an object");
  auto& object = value->get_object();
  if (object.contains("data_base64"))
    return fail(ErrorCode::invalid, "data_base64 is not read; send what the event holds as JSON, in `data`");
  json::object fields;  // further attributes are extensions, and none of the guard's business
  for (const auto name : attributes)
    if (const auto* attribute = object.if_contains(name)) fields[name] = *attribute;
  auto event = event_of(fields);
  if (!event) return std::unexpected(event.error());
  if (auto* data = object.if_contains("data")) event->data = std::move(*data);
  return event;
}

// Values of headers are percent-encoded where they are no plain text (HTTP binding, 3.1.3.2).
Result<CloudEvent> read_binary(const Request& request) {
  json::object fields;
  for (const auto name : attributes) {
    const auto header = fmt::format("ce-{}", name);
    if (!request.headers.contains(header)) continue;
    const auto text = percent_decoded(request.header(header));
    if (!text) return fail(ErrorCode::invalid, fmt::format("the header {} is no percent-encoded UTF-8", header));
    fields[name] = *text;
  }
  auto event = event_of(fields);
  if (!event || request.body.empty()) return event;
  auto data = parse_json_request(request.body);
  if (!data) return std::unexpected(data.error());
  event->data = std::move(*data);
  return event;
}

}  // namespace

Result<CloudEvent> read_cloud_event(const Request& request) {
  if (media_type(request) == structured_media) return read_structured(request);
  if (request.headers.contains("ce-specversion")) return read_binary(request);
  return fail(ErrorCode::invalid,
              fmt::format("this is no event that is known here: a CloudEvent comes as Content-Type: {}, or has the "
                          "headers ce-specversion, ce-id, ce-source and ce-type; one of GitHub has X-GitHub-Event",
                          structured_media));
}

}  // namespace guard::api
