// SPDX-License-Identifier: Apache-2.0
//
// The executor of the real program: a thread pool per lane, results posted to the io_context that runs the loop.
// run() is called on the loop thread.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/engine/executor.hpp"

#include <array>
#include <map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace guard::engine {

struct LaneThreads {
  Lane lane;
  std::size_t threads;
  bool awaited;  // whether stop() waits for what runs: hooks wait for commands that outlive the guard, and nobody waits
                 // for word of the others
};

// Every lane there is. What is run on one that is not here does not get past its first test.
inline constexpr std::array all_lanes{
    LaneThreads{Lane::alerts, alerts_threads, true}, LaneThreads{Lane::query, query_threads, true},
    LaneThreads{Lane::past, past_threads, true}, LaneThreads{Lane::reload, 1, true},
    LaneThreads{Lane::journal, 1, true}, LaneThreads{Lane::scrape, 1, true}, LaneThreads{Lane::brake, 1, true},
    LaneThreads{Lane::password, 1, true},
    // One per service and environment that is being rolled back at the same time; more wait their turn.
    LaneThreads{Lane::hook, 32, false},
    // One for each Alertmanager of a usual cluster, so that one that hangs does not keep the others from being told.
    LaneThreads{Lane::notify, 4, false}, LaneThreads{Lane::message, config::most_receivers, false},
    LaneThreads{Lane::preflight, preflight_threads, false}};

class AsioExecutor final : public Executor {
 public:
  explicit AsioExecutor(boost::asio::io_context& loop);
  ~AsioExecutor() override;

  void run(Lane lane, std::function<void()> work, std::function<void()> then) override;

  // Forgets queued work and waits for what runs on the lanes that are awaited.
  void stop();

 private:
  boost::asio::io_context& loop_;
  std::map<Lane, boost::asio::thread_pool> pools_;
};

}  // namespace guard::engine
