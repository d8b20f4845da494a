// SPDX-License-Identifier: Apache-2.0
//
// One connection of the client: plain or TLS, over Boost.Beast. Whatever the other side does, the call ends at its
// deadline and takes no more memory than the caps allow. Used by one thread at a time.
#pragma once

#include "guard/base/error.hpp"
#include "guard/http/exchange.hpp"
#include "guard/http/url.hpp"

#include <map>
#include <memory>
#include <string>

namespace guard::http {

// A request with everything the client adds to it.
struct Outgoing {
  const Request& request;
  std::string target;  // the whole path
  std::multimap<std::string, std::string> headers;
};

class Connection {
 public:
  // Opens nothing yet. Fails with invalid if the TLS files cannot be used.
  static Result<std::unique_ptr<Connection>> make(const Url& url, const TlsSettings& tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One exchange; connects first where that has not been done. Over after `left` at the latest. Fails as Client::send
  // does.
  Result<Response> exchange(const Outgoing& out, Duration left);
  // Whether another exchange can follow. What the other side says without being asked is nobody's answer.
  bool reusable() const;

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace guard::http
