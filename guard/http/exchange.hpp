// SPDX-License-Identifier: Apache-2.0
//
// What is asked over HTTP and what comes back, and how a client shows who it is. Values.
#pragma once

#include "guard/base/secret.hpp"
#include "guard/base/time.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace guard::http {

struct BasicAuth {
  std::string username;
  std::optional<Secret> password;
  std::optional<std::filesystem::path> password_file;  // read again for each request, so that a rotated one counts
};

struct Authorization {
  std::string type = "Bearer";
  std::optional<Secret> credentials;
  std::optional<std::filesystem::path> credentials_file;  // read again for each request
};

struct TlsSettings {
  std::optional<std::filesystem::path> ca_file;
  std::optional<std::filesystem::path> cert_file;
  std::optional<std::filesystem::path> key_file;
  std::string server_name;
  bool insecure_skip_verify = false;
};

// Prometheus' http_config, by the same names.
struct ClientSettings {
  std::string url;             // scheme, host, port and base path: "https://mimir.internal/prometheus"
  bool url_is_secret = false;  // whoever knows its path may use it: no message holds more than its origin
  std::optional<BasicAuth> basic_auth;
  std::optional<Authorization> authorization;
  TlsSettings tls;
  std::map<std::string, std::string> headers;
};

struct Request {
  std::string method = "GET";
  std::string path;  // appended to the base path; holds the query string, already encoded
  std::multimap<std::string, std::string> headers;
  std::string body;
  std::string content_type;
  Duration deadline{0};  // for the whole call, from connect to the last byte; a name's look-up has the system's limits
  std::size_t max_response = std::size_t{1} << 20U;  // bytes of body
  // For calls that act: not over a kept connection, which the other side may be closing at this moment. Others are
  // sent once more, on a new connection, where a kept one breaks.
  bool fresh_connection = false;
  // A success is known by its head; what follows is not read, and may be as long as the other side likes.
  bool success_needs_no_body = false;
};

struct Response {
  int status = 0;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::optional<std::string> header(std::string_view lower_case_name) const;
};

}  // namespace guard::http
