// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/alert_lookups.hpp"

#include "tests/engine/harness.hpp"

#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

class Lookups : public testing::Test {
 protected:
  void ask(Duration patience = 5s) {
    lookups_.ask(source_, clock_.now().mono + patience, [this](const auto& answer) { answers_.push_back(answer); });
  }

  StepClock clock_;
  QueueExecutor executor_;
  std::shared_ptr<FakeAlerts> source_ = std::make_shared<FakeAlerts>();
  engine::AlertLookups lookups_{{executor_, clock_}};
  std::vector<engine::AlertLookups::Answer> answers_;
};

TEST_F(Lookups, OneListingServesAllThatWaitWhenItIsBegun) {
  for (std::size_t i = 0; i < engine::alerts_threads; ++i) ask();
  for (int i = 0; i < 10; ++i) ask();
  executor_.settle();
  EXPECT_EQ(answers_.size(), engine::alerts_threads + 10);
  EXPECT_EQ(source_->asked, static_cast<int>(engine::alerts_threads) + 1) << "those under way, and one for the rest";
}

TEST_F(Lookups, WhatNobodyCanWaitForAnyMoreIsNotAsked) {
  ask(5s);
  clock_.step(5s);
  executor_.settle();
  EXPECT_EQ(source_->asked, 0);
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].error().message, "the round's time was over before Alertmanager could be asked");
}

}  // namespace
}  // namespace guard::test
