// SPDX-License-Identifier: Apache-2.0
//
// One connection: reads a head, refuses early what can be refused, reads the body, hands the request to its route,
// writes the answer, and again; one request at a time. It owns itself until it ends. Loop thread only.
#pragma once

#include "guard/api/give_way.hpp"
#include "guard/api/server.hpp"
#include "guard/api/tls.hpp"

#include <memory>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace guard::api {

// What all connections of a server share.
struct Sessions {
  Router& router;
  Limits limits;
  std::vector<Connection*> open;  // in the order in which they began to wait for their requests
  bool stopping = false;
  TlsContextPtr tls = nullptr;  // of connections from here on; none: they are plain
  Headers headers = {};         // of every response
};
using SessionsPtr = std::shared_ptr<Sessions>;

void start_plain_session(boost::asio::ip::tcp::socket socket, SessionsPtr sessions);
void start_tls_session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, SessionsPtr sessions);
// Answers 503 without reading, and closes.
void start_refusing_session(boost::asio::ip::tcp::socket socket, SessionsPtr sessions);

}  // namespace guard::api
