// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/asio_executor.hpp"

#include <boost/asio/post.hpp>

namespace guard::engine {

AsioExecutor::AsioExecutor(boost::asio::io_context& loop) : loop_(loop) {
  for (const auto& [lane, threads, awaited] : all_lanes) pools_.try_emplace(lane, threads);
}

AsioExecutor::~AsioExecutor() {
  stop();
}

void AsioExecutor::run(Lane lane, std::function<void()> work, std::function<void()> then) {
  boost::asio::post(pools_.at(lane), [this, work = std::move(work), then = std::move(then)]() mutable {
    work();
    boost::asio::post(loop_, std::move(then));
  });
}

void AsioExecutor::stop() {
  for (const auto& [lane, threads, awaited] : all_lanes) {
    if (!awaited) continue;
    pools_.at(lane).stop();
    pools_.at(lane).join();
  }
}

}  // namespace guard::engine
