// SPDX-License-Identifier: Apache-2.0
//
// CloudEvents 1.0 as they come over HTTP: structured, where the body is the whole event, and binary, where its
// attributes are headers and the body is its data. Pure.
#pragma once

#include "guard/api/message.hpp"
#include "guard/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guard::api {

inline constexpr std::string_view structured_media = "application/cloudevents+json";

struct CloudEvent {
  std::string id;
  std::string source;
  std::string type;
  std::optional<WallTime> time;
  json::value data;  // null where it has none
};

// Fails with invalid: no such event, or one that lacks an attribute.
Result<CloudEvent> read_cloud_event(const Request& request);

}  // namespace guard::api
