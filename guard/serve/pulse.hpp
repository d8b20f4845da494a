// SPDX-License-Identifier: Apache-2.0
//
// Wakes the engine and those that tell of it when something is due, and at once when something has changed. Loop thread
// only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/engine/engine.hpp"
#include "guard/notify/messenger.hpp"
#include "guard/notify/notifier.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace guard::serve {

class Pulse {
 public:
  Pulse(boost::asio::io_context& loop, const Clock& clock) : loop_(loop), timer_(loop), clock_(clock) {}

  void drive(engine::Engine& engine, notify::Notifier& notifier, notify::Messenger& messenger) {
    engine_ = &engine;
    notifier_ = &notifier;
    messenger_ = &messenger;
  }
  // Calls `tell` at each beat, and makes beats at least this often.
  void tell_alive(Duration every, std::function<void()> tell) {
    longest_ = every;
    tell_ = std::move(tell);
  }
  void wake() {
    if (std::exchange(woken_, true)) return;
    boost::asio::post(loop_, [this] { beat(); });
  }

 private:
  void beat() {
    woken_ = false;
    const auto next = std::min({engine_->tick(), notifier_->tick(), messenger_->tick()});
    if (tell_) tell_();
    timer_.expires_after(std::clamp(next - clock_.now().mono, Duration{1}, longest_));
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) wake();
    });
  }

  boost::asio::io_context& loop_;
  boost::asio::steady_timer timer_;
  const Clock& clock_;
  engine::Engine* engine_ = nullptr;
  notify::Notifier* notifier_ = nullptr;
  notify::Messenger* messenger_ = nullptr;
  Duration longest_ = std::chrono::minutes(1);
  std::function<void()> tell_;
  bool woken_ = false;
};

}  // namespace guard::serve
