// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/bounded_queue.hpp"

#include <utility>

#include <fmt/format.h>

namespace guard::engine {

void BoundedQueue::submit(Begin begin, Refuse refuse) {
  if (waiting_.size() >= limits_.most_waiting)
    return refuse(
        {ErrorCode::unavailable, fmt::format("too many {} are asked for at once; try again later", limits_.of)});
  waiting_.push_back({std::move(begin), std::move(refuse), clock_.now().mono + limits_.timeout});
  begin_waiting();
}

void BoundedQueue::done() {
  --running_;
  begin_waiting();
}

void BoundedQueue::begin_waiting() {
  while (running_ < limits_.at_once && !waiting_.empty()) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    if (next.deadline <= clock_.now().mono) {
      next.refuse(
          {ErrorCode::timeout, fmt::format("Prometheus is too slow for all the {} that are asked for", limits_.of)});
      continue;
    }
    ++running_;
    next.begin(next.deadline);
  }
}

}  // namespace guard::engine
