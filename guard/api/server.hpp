// SPDX-License-Identifier: Apache-2.0
//
// The HTTP listener: Boost.Beast on the loop thread, plain or TLS, with limits on head, body, connections and time, so
// that no client can hold up evaluation or fill memory. Loop thread only.
#pragma once

#include "guard/api/router.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace guard::api {

struct Limits {
  std::size_t head = std::size_t{8} << 10U;
  std::size_t body = std::size_t{1} << 20U;       // also of chunked bodies
  std::size_t connections = 256;                  // see connections_for
  Duration head_time = std::chrono::seconds(5);   // from a request's first byte to the end of its head; TLS handshake
  Duration stall_time = std::chrono::seconds(5);  // the longest silence within a body
  Duration request_time = std::chrono::seconds(15);  // from a request's first byte until the guard has an answer
  Duration write_time = std::chrono::seconds(15);
  Duration idle_time = std::chrono::seconds(60);        // between two requests on one connection
  Duration feed_beat = std::chrono::seconds(15);        // the longest silence of a feed
  Duration feed_rest = std::chrono::milliseconds(200);  // the shortest time between two writes to a feed
};

// How many connections may be open in a process that may have `descriptors` files and sockets: a quarter, 256 at most.
// The rest is for the journal, questions and hooks.
std::size_t connections_for(std::size_t descriptors);

using Headers = std::map<std::string, std::string>;

struct ServerSettings {
  std::vector<std::string> addresses;  // host:port; port 0: any free one
  std::optional<config::WebTls> tls;
  Limits limits;
  std::vector<int> sockets = {};  // that listen already: they are taken over, and no address is bound
  Headers headers = {};           // of every response, beside those that it has
};

class Server {
 public:
  // Stops, if stop() has not.
  virtual ~Server() = default;

  // Binds all addresses and listens; connections are taken as the loop runs. Loop and router outlive every connection.
  // Fails with invalid (address, socket, certificate, or a listener open to the network while the router asks for no
  // tokens) or unavailable (a port is taken).
  static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& loop, const ServerSettings& settings,
                                                Router& router);

  // No new connections; idle ones end now, the others with the answer to their request.
  virtual void stop() = 0;
  // No connection is open.
  virtual bool quiet() const = 0;
  // Headers, and certificates for connections from here on, read again. On failure (invalid) the old certificates stay;
  // so they do when TLS was switched on or off, which needs a restart.
  virtual Result<void> renew(const std::optional<config::WebTls>& tls, const Headers& headers) = 0;
  // Where it listens, as host:port with the ports that were bound; and the first of these ports.
  virtual std::vector<std::string> addresses() const = 0;
  virtual int port() const = 0;
};

}  // namespace guard::api
