// SPDX-License-Identifier: Apache-2.0
#include "tests/http/raw_server.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace guard::http {
namespace {

struct Listener {
  int socket = -1;
  int port = 0;
};

Listener listen_on_loopback() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, plain, size) != 0 || ::listen(socket, 64) != 0 || ::getsockname(socket, plain, &size) != 0)
    throw std::runtime_error("no loopback port");
  return {socket, ntohs(address.sin_port)};
}

std::size_t content_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto at = head.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 17, nullptr, 10);
}

}  // namespace

int Peer::read_some(char* data, int size) {
  if (tls_ != nullptr) return SSL_read(tls_, data, size);
  return static_cast<int>(::recv(socket_, data, static_cast<std::size_t>(size), 0));
}

std::string Peer::read_request() {
  std::array<char, 65536> block{};
  const auto whole = [this]() -> std::size_t {
    const auto head = ahead_.find("\r\n\r\n");
    if (head == std::string::npos) return std::string::npos;
    const auto size = head + 4 + content_length(ahead_.substr(0, head));
    return ahead_.size() >= size ? size : std::string::npos;
  };
  while (whole() == std::string::npos) {
    const int got = read_some(block.data(), static_cast<int>(block.size()));
    if (got <= 0) return "";
    ahead_.append(block.data(), static_cast<std::size_t>(got));
  }
  auto request = ahead_.substr(0, whole());
  ahead_.erase(0, request.size());
  return request;
}

bool Peer::write(std::string_view text) {
  while (!text.empty()) {
    const auto sent = tls_ != nullptr ? SSL_write(tls_, text.data(), static_cast<int>(text.size()))
                                      : ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::closed_within(Duration time) {
  pollfd watched{socket_, POLLRDHUP, 0};
  return ::poll(&watched, 1, static_cast<int>(time.count())) > 0;
}

void Peer::trickle(std::string_view text, Duration pause) {
  for (const char& byte : text)
    if (closed_within(pause) || !write({&byte, 1})) return;
}

void Peer::hang() {
  while (!closed_within(std::chrono::hours(1))) {
  }
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

RawServer::RawServer(Serve serve, ssl_ctx_st* tls) : serve_(std::move(serve)), tls_(tls) {
  std::signal(SIGPIPE, SIG_DFL);  // a client that relied on it being ignored would end the test
  const auto listener = listen_on_loopback();
  listener_ = listener.socket;
  port_ = listener.port;
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

std::string RawServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", tls_ == nullptr ? "http" : "https", port_);
}

void RawServer::accept_all() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections_;
    const std::scoped_lock lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void RawServer::serve(int socket) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);  // OpenSSL writes without MSG_NOSIGNAL
  SSL* session = tls_ == nullptr ? nullptr : SSL_new(tls_);
  bool open = true;
  if (session != nullptr) {
    SSL_set_fd(session, socket);
    open = SSL_accept(session) == 1;
  }
  Peer peer(socket, session);
  if (open) serve_(peer);
  if (session != nullptr) SSL_free(session);
  const std::scoped_lock lock(mutex_);
  std::erase(sockets_, socket);
  ::close(socket);
}

int closed_port() {
  const auto listener = listen_on_loopback();
  ::close(listener.socket);
  return listener.port;
}

std::string answer(std::string_view body, std::string_view more_headers) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), more_headers, body);
}

void Recording::operator()(Peer& peer) {
  while (true) {
    auto request = peer.read_request();
    if (request.empty()) return;
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(std::move(request));
    }
    peer.write(text_);
  }
}

std::vector<std::string> Recording::requests() {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

}  // namespace guard::http
