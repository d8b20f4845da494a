// SPDX-License-Identifier: Apache-2.0
//
// What every test of the client needs: a client of a server, and one question that must be answered soon.
#pragma once

#include "guard/base/system_clock.hpp"
#include "guard/http/client.hpp"
#include "tests/http/raw_server.hpp"

#include <gtest/gtest.h>

namespace guard::http {

// Long enough for any answer that comes at all, on any machine.
constexpr Duration plenty = std::chrono::seconds(20);

// Deadlines here are real: the servers are.
inline const SystemClock machine_clock;

inline ClientSettings settings_for(std::string url) {
  ClientSettings settings;
  settings.url = std::move(url);
  return settings;
}

inline Client client_of(const RawServer& server) {
  return *Client::make(settings_for(server.url()), machine_clock);
}

inline Request get(Duration deadline = plenty) {
  Request request;
  request.path = "/x";
  request.deadline = deadline;
  return request;
}

inline Request post(std::string body, Duration deadline = plenty) {
  auto request = get(deadline);
  request.method = "POST";
  request.body = std::move(body);
  request.content_type = "text/plain";
  return request;
}

}  // namespace guard::http
