// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/service_manager.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
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

// Half of the time the service manager allows (sd_watchdog_enabled(3)).
std::optional<Duration> half_of(const std::string& microseconds) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(microseconds.data(), microseconds.data() + microseconds.size(), number);
  if (error != std::errc{} || number <= 0) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::microseconds(number / 2));
}

}  // namespace

ServiceManager::ServiceManager()
    : socket_(taken_from_environment("NOTIFY_SOCKET")), alive_every_(half_of(taken_from_environment("WATCHDOG_USEC"))) {
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
