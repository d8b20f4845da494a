// SPDX-License-Identifier: Apache-2.0
//
// How a request reaches a guard and its answer comes back, over HTTP. Blocking; used by the main thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace guard::client {

// Where a guard answers that nothing else is said of.
inline constexpr const char* default_server = "http://127.0.0.1:8929";

// Where the guard is and who asks.
struct Connection {
  std::optional<std::string> server = {};           // default_server, if nothing is said
  std::optional<std::filesystem::path> token_file;  // read for each request, so that a rotated token counts
  std::optional<std::filesystem::path> ca_file;
  std::optional<std::filesystem::path> cert_file = {};  // shown to a guard that asks for one; with key_file
  std::optional<std::filesystem::path> key_file = {};
  std::string not_shown = {};  // of a token that is kept for another guard, in words: why it is not shown to this one
};

struct Request {
  std::string method = "GET";
  std::string path;      // below the server's; holds the query string, already encoded
  std::string body;      // JSON
  Duration deadline{0};  // for the whole call, from the name's look-up to the last byte
  std::size_t largest_answer = 0;
};

struct Response {
  int status = 0;
  std::string body;
};

// Any status is a Response. Fails with timeout (the deadline passed: the guard may have acted), unavailable (never
// connected, so nothing was sent), broken (the connection broke after sending: the guard may have acted), too_large,
// unauthorized (the token cannot be read), invalid (the CA file holds no certificate).
using Send = std::function<Result<Response>(const Request&)>;
// Makes what sends requests to a guard, without reaching it yet. Fails with invalid if the address cannot be used.
using Connect = std::function<Result<Send>(const Connection&)>;

// A connection of its own for each request. `clock` must outlive what is made.
Result<Send> connect(const Connection& connection, const Clock& clock);

}  // namespace guard::client
