// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/bounded_queue.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class BoundedQueue : public testing::Test {
 protected:
  void take(const std::string& name) {
    queue_.submit([this, name](MonoTime deadline) { begun_.push_back(name), left_ = deadline - clock_.now().mono; },
                  [this, name](const Error& why) { refused_.push_back(name + ": " + why.message); });
  }

  StepClock clock_;
  engine::BoundedQueue queue_{clock_, {1, 2, 10s, "charts"}};
  std::vector<std::string> begun_;
  std::vector<std::string> refused_;
  Duration left_{};
};

TEST_F(BoundedQueue, OneRunsAtATimeInTheOrderTheyWereAskedFor) {
  take("a");
  take("b");
  take("c");
  EXPECT_THAT(begun_, ElementsAre("a"));
  queue_.done();
  queue_.done();
  EXPECT_THAT(begun_, ElementsAre("a", "b", "c"));
}

TEST_F(BoundedQueue, NoMoreWaitThanThereIsPatienceFor) {
  for (const auto* name : {"a", "b", "c", "d"}) take(name);
  EXPECT_THAT(refused_, ElementsAre("d: too many charts are asked for at once; try again later"));
}

TEST_F(BoundedQueue, TheTimeOfAWaitCountsAndOneThatCameTooLateIsRefused) {
  take("a");
  take("b");
  clock_.step(4s);
  queue_.done();
  EXPECT_EQ(left_, 6s);
  take("c");
  clock_.step(10s);
  queue_.done();
  EXPECT_THAT(begun_, ElementsAre("a", "b"));
  EXPECT_THAT(refused_, ElementsAre("c: Prometheus is too slow for all the charts that are asked for"));
}

}  // namespace
}  // namespace guard::test
