// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/due_times.hpp"

namespace guard::engine {

void DueTimes::at_latest(const std::string& id, MonoTime at) {
  const auto [it, fresh] = due_.try_emplace(id, at);
  if (!fresh) {
    if (it->second <= at) return;
    order_.erase({it->second, id});
    it->second = at;
  }
  order_.emplace(at, id);
}

std::vector<std::string> DueTimes::take(MonoTime now) {
  std::vector<std::string> out;
  while (!order_.empty() && order_.begin()->first <= now) {
    due_.erase(order_.begin()->second);
    out.push_back(std::move(order_.extract(order_.begin()).value().second));
  }
  return out;
}

MonoTime DueTimes::next() const {
  return order_.empty() ? MonoTime::max() : order_.begin()->first;
}

}  // namespace guard::engine
