// SPDX-License-Identifier: Apache-2.0
//
// The one way out over HTTP: a keep-alive client with a total deadline and a response cap. Redirects are never followed
// and credentials go nowhere but to the configured origin. One Client serves many threads; each call blocks its own
// thread and takes a connection of its own.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/error.hpp"
#include "guard/http/exchange.hpp"

#include <memory>
#include <string>

namespace guard::http {

class Client {
 public:
  // Checks scheme, host, port and that TLS files can be read. Deadlines are measured by `clock`, which outlives the
  // client. Fails with ErrorCode::invalid, naming the url.
  static Result<Client> make(ClientSettings settings, const Clock& clock);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Any status is a Response. Fails with timeout (the deadline passed: the other side may have acted), unavailable
  // (never connected, so nothing was sent), broken (connection lost after sending: the other side may have acted),
  // too_large, unauthorized (a credentials file cannot be read).
  Result<Response> send(const Request& request) const;

  const std::string& url() const;  // as messages show it

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace guard::http
