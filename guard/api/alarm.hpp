// SPDX-License-Identifier: Apache-2.0
//
// One thing at a time that is waited for: setting it anew forgets the one before, also one that has just come due.
// Loop thread only.
#pragma once

#include "guard/base/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace guard::api {

class Alarm {
 public:
  explicit Alarm(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  // Calls `ring` once the time is over; never after the alarm has ended.
  void set(Duration time, std::function<void()> ring);
  void stop();

 private:
  boost::asio::steady_timer timer_;
  std::shared_ptr<std::uint64_t> turn_ = std::make_shared<std::uint64_t>(0);
};

}  // namespace guard::api
