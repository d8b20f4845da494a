// SPDX-License-Identifier: Apache-2.0
//
// One connection: reads a head, refuses early what can be refused, reads the body, hands the request to its route,
// writes the answer, and again; one request at a time. It owns itself until it ends. Loop thread only.
#pragma once

#include "guard/api/sessions.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace guard::api {

void start_plain_session(boost::asio::ip::tcp::socket socket, SessionsPtr sessions);
void start_tls_session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, SessionsPtr sessions);
// Answers 503 without reading, and closes.
void start_refusing_session(boost::asio::ip::tcp::socket socket, SessionsPtr sessions);

}  // namespace guard::api
