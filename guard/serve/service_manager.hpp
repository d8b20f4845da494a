// SPDX-License-Identifier: Apache-2.0
//
// What the guard tells the service manager that started it (systemd, sd_notify(3)): one datagram each to the socket
// that NOTIFY_SOCKET names. Without one nothing is sent. And the sockets that it passes on (sd_listen_fds(3)). One
// owner, one thread.
#pragma once

#include "guard/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::serve {

class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and LISTEN_FDS and takes them out of the environment: hooks must not speak for
  // the guard. Nor are the sockets handed on to them.
  ServiceManager();

  void ready(std::string_view status) const;
  void stopping() const;
  // Says that the loop is alive; to be called at least as often as alive_every() says, if it says anything.
  void alive() const;
  std::optional<Duration> alive_every() const { return alive_every_; }
  // The descriptors of the sockets that were passed on.
  const std::vector<int>& sockets() const { return sockets_; }

 private:
  void send(const std::string& message) const;

  std::string socket_;
  std::optional<Duration> alive_every_;
  std::vector<int> sockets_;
};

}  // namespace guard::serve
