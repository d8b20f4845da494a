// SPDX-License-Identifier: Apache-2.0
#include "guard/client/waiter.hpp"

#include "guard/base/system_clock.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace guard::client {
namespace {

using namespace std::chrono_literals;

// Keeps a signal from ending the test, so that it is pending when the wait begins.
class Blocked {
 public:
  explicit Blocked(int number) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~Blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;

 private:
  sigset_t before_{};
};

TEST(SignalWaiter, WaitsForTheTimeGiven) {
  const SystemClock clock;
  const auto before = clock.now().mono;
  EXPECT_TRUE(SignalWaiter().wait(20ms));
  EXPECT_GE(clock.now().mono - before, 19ms);
}

TEST(SignalWaiter, ASignalEndsTheWaitAndIsConsumed) {
  for (const int number : {SIGINT, SIGTERM}) {
    const Blocked blocked(number);
    ::raise(number);
    EXPECT_FALSE(SignalWaiter().wait(1h));
    EXPECT_TRUE(SignalWaiter().wait(1ms));
  }
}

TEST(SignalWaiter, ATimeThatIsOverIsNoWait) {
  EXPECT_TRUE(SignalWaiter().wait(-5s));
}

}  // namespace
}  // namespace guard::client
