// SPDX-License-Identifier: Apache-2.0
//
// A queue for work that people ask for beside the watching: few run at once, few wait, and none waits for longer
// than who asked waits. Loop thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/error.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>

namespace guard::engine {

class BoundedQueue {
 public:
  struct Limits {
    std::size_t at_once = 1;
    std::size_t most_waiting = 64;
    Duration timeout{0};  // from when it is asked for to when it must be answered
    std::string of;       // what is asked for, as people are told: "charts"
  };
  // Begins the work, which must be answered by then; it calls done() once it is over.
  using Begin = std::function<void(MonoTime deadline)>;
  using Refuse = std::function<void(const Error&)>;

  BoundedQueue(const Clock& clock, Limits limits) : clock_(clock), limits_(std::move(limits)) {}

  // Refuses with unavailable (too many wait) or timeout (its turn did not come in time).
  void submit(Begin begin, Refuse refuse);
  // One that was begun is over.
  void done();

 private:
  struct Waiting {
    Begin begin;
    Refuse refuse;
    MonoTime deadline{};
  };
  void begin_waiting();

  const Clock& clock_;
  Limits limits_;
  std::deque<Waiting> waiting_;
  std::size_t running_ = 0;
};

}  // namespace guard::engine
