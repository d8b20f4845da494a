// SPDX-License-Identifier: Apache-2.0
//
// What the guard tells the service manager that started it (systemd, sd_notify(3)): one datagram each to the socket
// that NOTIFY_SOCKET names. Without one nothing is sent. One owner, one thread.
#pragma once

#include "guard/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guard::serve {

class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET and WATCHDOG_USEC and takes them out of the environment: hooks must not speak for the guard.
  ServiceManager();

  void ready(std::string_view status) const;
  void stopping() const;
  // Says that the loop is alive; to be called at least as often as alive_every() says, if it says anything.
  void alive() const;
  std::optional<Duration> alive_every() const { return alive_every_; }

 private:
  void send(const std::string& message) const;

  std::string socket_;
  std::optional<Duration> alive_every_;
};

}  // namespace guard::serve
