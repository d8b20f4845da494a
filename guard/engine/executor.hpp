// SPDX-License-Identifier: Apache-2.0
//
// The seam between the loop thread, which owns all state, and the threads that may block. Work sees only what it was
// given by value; what it returns comes back to the loop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace guard::engine {

// Which threads do a piece of work. Each source of evidence has its own, so that one that hangs does not blind the
// other; what is not about now, the time before a release, charts, what people try out, error budgets, which versions
// run and whether a server is there, has its own beside; so have the looks of a preflight, and the messages to people.
// The journal's lane is one thread: its work happens in order. So is that of passwords, each of which takes a processor
// for a while.
enum class Lane { alerts, query, past, journal, hook, reload, notify, message, scrape, brake, preflight, password };

inline constexpr std::size_t alerts_threads = 2;
inline constexpr std::size_t query_threads = 16;
inline constexpr std::size_t past_questions = 4;  // that run at once
inline constexpr std::size_t charts_at_once = 2;
inline constexpr std::size_t reach_at_once = 1;
inline constexpr std::size_t trials_at_once = 1;
inline constexpr std::size_t checks_at_once = 1;
inline constexpr std::size_t detections_at_once = 2;
inline constexpr std::size_t budgets_at_once = 3;
inline constexpr std::size_t past_threads = past_questions + charts_at_once + reach_at_once + trials_at_once +
                                            checks_at_once + detections_at_once + budgets_at_once;

// A preflight asks for all it wants to know at once, and one hangs beside one that is begun at most.
inline constexpr std::size_t preflight_threads = 16;

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
