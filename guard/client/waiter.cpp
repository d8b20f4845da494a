// SPDX-License-Identifier: Apache-2.0
#include "guard/client/waiter.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <limits>
#include <poll.h>
#include <unistd.h>

#include <sys/signalfd.h>

namespace guard::client {
namespace {

// SIGINT and SIGTERM are kept back while this lives, and can be read from its descriptor.
class EndSignals {
 public:
  EndSignals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before_);
    fd_ = ::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~EndSignals() {
    if (fd_ >= 0) ::close(fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  int fd() const { return fd_; }
  // Takes the signal off the queue, so that it does not strike once signals are let through again.
  bool arrived() const {
    signalfd_siginfo info{};
    return ::read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info);
  }

 private:
  int fd_ = -1;
  sigset_t before_{};
};

}  // namespace

bool SignalWaiter::wait(Duration time) {
  const EndSignals signals;
  const auto longest = static_cast<Duration::rep>(std::numeric_limits<int>::max());
  pollfd ready{signals.fd(), POLLIN, 0};
  const int count = ::poll(&ready, 1, static_cast<int>(std::clamp<Duration::rep>(time.count(), 0, longest)));
  // An EINTR is from a stop and continue; the caller's next look at the clock makes up for the shorter wait.
  return count <= 0 || !signals.arrived();
}

}  // namespace guard::client
