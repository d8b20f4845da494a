// SPDX-License-Identifier: Apache-2.0
//
// A loopback server that does to each connection exactly what a test says: answers a byte at a time, stays silent,
// resets. Each connection is served on a thread of its own; all are ended when the server goes. A real client is
// meant to meet it, so it is sockets all the way.
#pragma once

#include "guard/base/time.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace guard::http {

// The server's end of one connection.
class Peer {
 public:
  Peer(int socket, ssl_st* tls) : socket_(socket), tls_(tls) {}

  // Waits for bytes and takes at most `size` of them; how many, 0 or less once the client has closed.
  int read_some(char* data, int size);
  // One request, head and body by Content-Length; empty once the client has closed.
  std::string read_request();
  // False once the client is gone.
  bool write(std::string_view text);
  // `text` a byte at a time, with `pause` between them, for as long as the client listens.
  void trickle(std::string_view text, Duration pause);
  // Waits until the client closes.
  void hang();
  // Ends the connection with a RST instead of a FIN.
  void reset();

 private:
  bool closed_within(Duration time);

  int socket_;
  ssl_st* tls_;
  std::string ahead_;
};

class RawServer {
 public:
  using Serve = std::function<void(Peer&)>;
  // With `tls`, each connection is a TLS session before it is served; `tls` must outlive the server.
  explicit RawServer(Serve serve, ssl_ctx_st* tls = nullptr);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  std::string url() const;
  int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int socket);

  Serve serve_;
  ssl_ctx_st* tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A port on which nothing listens.
int closed_port();

// A whole answer with Content-Length.
std::string answer(std::string_view body, std::string_view more_headers = "");

// Answers every request of a connection with `text`, and keeps each request in `requests`.
class Recording {
 public:
  explicit Recording(std::string text) : text_(std::move(text)) {}
  void operator()(Peer& peer);
  std::vector<std::string> requests();

 private:
  std::string text_;
  std::mutex mutex_;
  std::vector<std::string> requests_;
};

}  // namespace guard::http
