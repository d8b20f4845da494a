// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/service_manager.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

namespace guard::serve {
namespace {

std::string taken_from_environment(const char* name) {
  const auto* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

// A whole number above 0.
std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end && number > 0 ? std::optional(number) : std::nullopt;
}

// Half of the time the service manager allows (sd_watchdog_enabled(3)).
std::optional<Duration> half_of(const std::string& microseconds) {
  const auto number = number_in(microseconds);
  if (!number) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::microseconds(*number / 2));
}

// The descriptors that were passed on to this process, and to no other (sd_listen_fds(3)).
std::vector<int> passed_on() {
  constexpr int first = 3;
  const auto count = number_in(taken_from_environment("LISTEN_FDS"));
  const auto pid = number_in(taken_from_environment("LISTEN_PID"));
  taken_from_environment("LISTEN_FDNAMES");
  taken_from_environment("LISTEN_PIDFDID");
  std::vector<int> sockets;
  if (!count || pid != ::getpid()) return sockets;
  for (int descriptor = first; descriptor - first < *count && ::fcntl(descriptor, F_GETFD) >= 0; ++descriptor) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    sockets.push_back(descriptor);
  }
  return sockets;
}

}  // namespace

ServiceManager::ServiceManager()
    : socket_(taken_from_environment("NOTIFY_SOCKET")),
      alive_every_(half_of(taken_from_environment("WATCHDOG_USEC"))),
      sockets_(passed_on()) {
  taken_from_environment("WATCHDOG_PID");
}

void ServiceManager::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + std::string(status));
}

void ServiceManager::stopping() const {
  send("STOPPING=1");
}

void ServiceManager::alive() const {
  send("WATCHDOG=1");
}

void ServiceManager::send(const std::string& message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // the abstract name space of Linux
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // The guard's work does not depend on being heard.
  ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
           length);
  ::close(fd);
}

}  // namespace guard::serve
