// SPDX-License-Identifier: Apache-2.0
//
// Cuts sockets off once time is over, so that a server that sends a byte now and then cannot hold up whoever waits for
// each byte anew. It has a thread of its own for as long as it lives; `add` and `is_over` are safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <mutex>
#include <thread>
#include <vector>

namespace guard::client {

class Cutoff {
 public:
  explicit Cutoff(Duration left);
  ~Cutoff();
  Cutoff(const Cutoff&) = delete;
  Cutoff& operator=(const Cutoff&) = delete;

  // From now on nothing is read or written past the end; who owns the socket may close it at any time.
  void add(int socket);
  bool is_over() const;

 private:
  void cut();

  mutable std::mutex mutex_;
  bool over_ = false;
  std::vector<int> sockets_;  // duplicates, so that a number that was closed and used again is never meant
  int ended_;                 // readable once nobody needs the cutoff
  std::thread thread_;
};

}  // namespace guard::client
