// SPDX-License-Identifier: Apache-2.0
//
// The executor of the real program: a thread pool per lane, results posted to the io_context that runs the loop.
// run() is called on the loop thread.
#pragma once

#include "guard/engine/executor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace guard::engine {

class AsioExecutor final : public Executor {
 public:
  explicit AsioExecutor(boost::asio::io_context& loop);
  ~AsioExecutor() override;

  void run(Lane lane, std::function<void()> work, std::function<void()> then) override;

  // Forgets queued work and waits for what runs on every lane but those of hooks, notifications, messages and
  // preflights: hooks wait for commands that outlive the guard, and nobody waits for word of the others.
  void stop();

 private:
  boost::asio::thread_pool& pool(Lane lane);

  boost::asio::io_context& loop_;
  boost::asio::thread_pool alerts_;
  boost::asio::thread_pool queries_;
  boost::asio::thread_pool past_;
  boost::asio::thread_pool journal_;
  boost::asio::thread_pool hooks_;
  boost::asio::thread_pool reloads_;
  boost::asio::thread_pool notifications_;
  boost::asio::thread_pool messages_;
  boost::asio::thread_pool scrapes_;
  boost::asio::thread_pool brakes_;
  boost::asio::thread_pool preflights_;
  boost::asio::thread_pool passwords_;
};

}  // namespace guard::engine
