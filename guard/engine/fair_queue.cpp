// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/fair_queue.hpp"

#include <algorithm>

namespace guard::engine {

FairQueue::Rank FairQueue::rank_of(const std::string& name, const Waiting& waiting) {
  return {!waiting.begun, waiting.line.since, name};
}

void FairQueue::join(const std::string& name, Line line) {
  leave(name);
  if (line.questions == 0) return;
  const auto [it, inserted] = waiting_.emplace(name, Waiting{line, false});
  order_.insert(rank_of(name, it->second));
}

void FairQueue::leave(const std::string& name) {
  const auto it = waiting_.find(name);
  if (it == waiting_.end()) return;
  order_.erase(rank_of(name, it->second));
  waiting_.erase(it);
}

bool FairQueue::may_run(const std::string& name, const Line& line) const {
  const auto for_slow = limits_.at_once - std::min(limits_.at_once, limits_.kept_for_quick);
  return running(name) < limits_.for_one && (!line.slow || slow_running_ < for_slow);
}

std::optional<FairQueue::Turn> FairQueue::next() {
  if (all_running_ >= limits_.at_once) return std::nullopt;
  const auto first = std::ranges::find_if(order_, [this](const auto& place) {
    const auto& name = std::get<std::string>(place);
    return may_run(name, waiting_.at(name).line);
  });
  if (first == order_.end()) return std::nullopt;
  return take(std::get<std::string>(*first));
}

FairQueue::Turn FairQueue::take(const std::string& name) {
  const auto it = waiting_.find(name);
  Turn turn{it->first, it->second.line.slow};
  order_.erase(rank_of(turn.name, it->second));
  it->second.begun = true;
  if (--it->second.line.questions > 0)
    order_.insert(rank_of(turn.name, it->second));
  else
    waiting_.erase(it);
  ++running_[turn.name];
  ++all_running_;
  if (turn.slow) ++slow_running_;
  return turn;
}

void FairQueue::done(const Turn& turn) {
  if (--running_.at(turn.name) == 0) running_.erase(turn.name);
  --all_running_;
  if (turn.slow) --slow_running_;
}

std::size_t FairQueue::running(const std::string& name) const {
  const auto it = running_.find(name);
  return it == running_.end() ? 0 : it->second;
}

}  // namespace guard::engine
