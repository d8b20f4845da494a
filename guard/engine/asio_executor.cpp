// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/asio_executor.hpp"

#include "guard/config/settings.hpp"

#include <boost/asio/post.hpp>

namespace guard::engine {
namespace {

// One per service and environment that is being rolled back at the same time; more wait their turn.
constexpr std::size_t hook_threads = 32;
// One for each Alertmanager of a usual cluster, so that one that hangs does not keep the others from being told.
constexpr std::size_t notification_threads = 4;

}  // namespace

AsioExecutor::AsioExecutor(boost::asio::io_context& loop)
    : loop_(loop),
      alerts_(alerts_threads),
      queries_(query_threads),
      past_(past_threads),
      journal_(1),
      hooks_(hook_threads),
      reloads_(1),
      notifications_(notification_threads),
      messages_(config::most_receivers),
      scrapes_(1),
      brakes_(1),
      preflights_(preflight_threads),
      passwords_(1) {}

AsioExecutor::~AsioExecutor() {
  stop();
}

boost::asio::thread_pool& AsioExecutor::pool(Lane lane) {
  switch (lane) {
    case Lane::alerts:
      return alerts_;
    case Lane::query:
      return queries_;
    case Lane::past:
      return past_;
    case Lane::journal:
      return journal_;
    case Lane::hook:
      return hooks_;
    case Lane::reload:
      return reloads_;
    case Lane::notify:
      return notifications_;
    case Lane::message:
      return messages_;
    case Lane::scrape:
      return scrapes_;
    case Lane::brake:
      return brakes_;
    case Lane::preflight:
      return preflights_;
    case Lane::password:
      return passwords_;
  }
  return queries_;
}

void AsioExecutor::run(Lane lane, std::function<void()> work, std::function<void()> then) {
  boost::asio::post(pool(lane), [this, work = std::move(work), then = std::move(then)]() mutable {
    work();
    boost::asio::post(loop_, std::move(then));
  });
}

void AsioExecutor::stop() {
  for (auto* lane : {&alerts_, &queries_, &past_, &reloads_, &journal_, &scrapes_, &brakes_, &passwords_}) {
    lane->stop();
    lane->join();
  }
}

}  // namespace guard::engine
