// SPDX-License-Identifier: Apache-2.0
//
// The seam between the loop thread, which owns all state, and the threads that may block. Work sees only what it was
// given by value; what it returns comes back to the loop.
#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace guard::engine {

// Which threads do a piece of work. The journal's lane is one thread: its work happens in order.
enum class Lane { query, journal, hook, reload, notify };

class Executor {
 public:
  virtual ~Executor() = default;
  // Runs `work` on a thread of `lane`, then `then` on the loop thread. Called on the loop thread.
  virtual void run(Lane lane, std::function<void()> work, std::function<void()> then) = 0;
};

// Runs `work` on `lane` and hands its result to `then` on the loop thread.
template <class Work, class Then>
void run_blocking(Executor& executor, Lane lane, Work work, Then then) {
  using Value = decltype(work());
  auto slot = std::make_shared<std::unique_ptr<Value>>();
  executor.run(
      lane, [slot, work = std::move(work)]() mutable { *slot = std::make_unique<Value>(work()); },
      [slot, then = std::move(then)]() mutable { then(std::move(**slot)); });
}

}  // namespace guard::engine
