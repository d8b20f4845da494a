// SPDX-License-Identifier: Apache-2.0
#include "guard/api/alarm.hpp"

#include <utility>

namespace guard::api {

void Alarm::set(Duration time, std::function<void()> ring) {
  const auto turn = ++*turn_;
  timer_.expires_after(time);
  timer_.async_wait([latest = std::weak_ptr(turn_), turn, ring = std::move(ring)](boost::system::error_code error) {
    const auto now = latest.lock();
    if (!error && now && *now == turn) ring();
  });
}

void Alarm::stop() {
  ++*turn_;
  timer_.cancel();
}

}  // namespace guard::api
