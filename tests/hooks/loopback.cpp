// SPDX-License-Identifier: Apache-2.0
#include "tests/hooks/loopback.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <poll.h>
#include <sstream>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace guard::test {
namespace {

bool send_text(int connection, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto n = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

// True if the other side ends the connection within `milliseconds`.
bool ends(int connection, int milliseconds) {
  pollfd event{connection, POLLIN | POLLRDHUP, 0};
  char byte = 0;
  return ::poll(&event, 1, milliseconds) > 0 && ::recv(connection, &byte, 1, 0) <= 0;
}

Received parse_head(const std::string& head) {
  Received out;
  std::istringstream lines(head);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto colon = line.find(": ");
    if (out.line.empty()) {
      out.line = line;
    } else if (colon != std::string::npos) {
      auto name = line.substr(0, colon);
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      out.headers[name] = line.substr(colon + 2);
    }
  }
  return out;
}

Received read_request(int connection) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto end = text.find("\r\n\r\n");
    if (end != std::string::npos) {
      auto request = parse_head(text.substr(0, end));
      const auto length = request.headers.find("content-length");
      const std::size_t wanted = length == request.headers.end() ? 0 : std::stoul(length->second);
      request.body = text.substr(end + 4);
      if (request.body.size() >= wanted) return request;
    }
    const auto n = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (n <= 0) return {};
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace

Loopback::Loopback() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::listen(listener_, 16);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  react({answer("204 No Content")});
  thread_ = std::thread([this] { serve(); });
}

Loopback::~Loopback() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void Loopback::react(std::vector<Reaction> reactions) {
  const std::scoped_lock lock(mutex_);
  reactions_.assign(reactions.begin(), reactions.end());
}

std::vector<Received> Loopback::received() const {
  const std::scoped_lock lock(mutex_);
  return received_;
}

void Loopback::serve() {
  for (int connection = 0; (connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    handle(connection);
    ::close(connection);
  }
}

void Loopback::handle(int connection) {
  auto request = read_request(connection);
  if (request.line.empty()) return;
  Reaction reaction;
  {
    const std::scoped_lock lock(mutex_);
    received_.push_back(std::move(request));
    reaction = reactions_.front();
    if (reactions_.size() > 1) reactions_.pop_front();
  }
  reaction(connection);
}

Loopback::Reaction Loopback::answer(const std::string& status, const std::string& headers, const std::string& body) {
  return [=](int connection) {
    const auto length = status.starts_with("204") ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send_text(connection, "HTTP/1.1 " + status + "\r\n" + headers + length + "Connection: close\r\n\r\n" + body);
  };
}

Loopback::Reaction Loopback::reset() {
  return [](int connection) {
    const linger hard{1, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  };
}

Loopback::Reaction Loopback::silence() {
  return [](int connection) { ends(connection, 10'000); };
}

Loopback::Reaction Loopback::trickle() {
  return [](int connection) {
    send_text(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int bytes = 0; bytes < 1000 && !ends(connection, 20); ++bytes)
      if (!send_text(connection, ".")) return;
  };
}

Loopback::Reaction Loopback::flood() {
  return [](int connection) {
    send_text(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    const std::string piece(1U << 20U, 'x');
    for (int i = 0; i < 950 && send_text(connection, piece); ++i) {
    }
  };
}

}  // namespace guard::test
