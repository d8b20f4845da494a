// SPDX-License-Identifier: Apache-2.0
//
// The guard's HTTP API as the command line uses it: one request, one answer or an Error in words for a person.
// Blocking; used by the main thread only.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/json.hpp"
#include "guard/client/transport.hpp"

#include <string>
#include <utility>
#include <vector>

namespace guard::client {

class GuardApi {
 public:
  // Fails with invalid if the address or a file cannot be used.
  static Result<GuardApi> connect(const Connection& connection, const Connect& connect);

  // The body of a 2xx answer. Fails with unavailable where nothing was done and trying again may help (nobody
  // answers, 503), with timeout or broken where it is not known whether it was done, else with what the guard said.
  Result<std::string> get(const std::string& path) const;
  Result<std::string> post(const std::string& path, const json::object& body) const;

  const std::string& server() const { return server_; }

 private:
  GuardApi(std::string server, std::string not_shown, Send send)
      : server_(std::move(server)), not_shown_(std::move(not_shown)), send_(std::move(send)) {}
  Result<std::string> call(Request request) const;
  Error unreachable(const Error& error) const;
  Error refused(const Response& response) const;
  std::string advice(ErrorCode code) const;

  std::string server_;
  std::string not_shown_;  // Connection::not_shown
  Send send_;
};

using Query = std::vector<std::pair<std::string, std::string>>;
// The API's path of the list of releases that `query` asks for.
std::string releases_path(const Query& query);

// The API's path of the gate of the place that `query` names.
std::string gate_path(const Query& query);

// The API's paths of the figures and of the report over the time that `query` names.
std::string figures_path(const Query& query);
std::string report_path(const Query& query);

inline constexpr const char* freezes_path = "/api/v1/freezes";
// The API's path under which the freeze is ended.
std::string freeze_end_path(std::string_view id);

// The API's path of a release, the id encoded for it (RFC 3986), and `rest` behind it.
std::string release_path(std::string_view id, std::string_view rest = "");

}  // namespace guard::client
