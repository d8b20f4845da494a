// SPDX-License-Identifier: Apache-2.0
#include "guard/client/cutoff.hpp"

#include <algorithm>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/socket.h>

namespace guard::client {

Cutoff::Cutoff(Duration left) : ended_(::eventfd(0, EFD_CLOEXEC)) {
  const auto longest = static_cast<Duration::rep>(std::numeric_limits<int>::max());
  const auto wait = static_cast<int>(std::clamp<Duration::rep>(left.count(), 0, longest));
  thread_ = std::thread([this, wait] {
    pollfd ready{ended_, POLLIN, 0};
    if (::poll(&ready, 1, wait) == 0) cut();
  });
}

Cutoff::~Cutoff() {
  ::eventfd_write(ended_, 1);
  thread_.join();
  for (const int socket : sockets_) ::close(socket);
  ::close(ended_);
}

void Cutoff::add(int socket) {
  const std::scoped_lock lock(mutex_);
  const int duplicate = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) return;
  if (over_) ::shutdown(duplicate, SHUT_RDWR);
  sockets_.push_back(duplicate);
}

bool Cutoff::is_over() const {
  const std::scoped_lock lock(mutex_);
  return over_;
}

void Cutoff::cut() {
  const std::scoped_lock lock(mutex_);
  over_ = true;
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

}  // namespace guard::client
