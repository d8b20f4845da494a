// SPDX-License-Identifier: Apache-2.0
//
// The kill switch is looked at beside the loop: what counts until it was seen, and while a look at it hangs.
#include "guard/engine/kill_switch.hpp"

#include "tests/engine/harness.hpp"
#include "tests/support/folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

class KillSwitch : public testing::Test {
 protected:
  void look() {
    clock_.step(1s);
    switch_.tick();
    executor_.settle();
  }

  const Folder folder_;
  std::filesystem::path file_ = folder_ / "stop";
  StepClock clock_;
  QueueExecutor executor_;
  int woken_ = 0;
  engine::KillSwitch switch_{{executor_, clock_, [this] { ++woken_; }}};
};

TEST_F(KillSwitch, IsOnWhileItsFileIsThere) {
  switch_.look_for(file_, true);
  EXPECT_FALSE(switch_.is_on());
  std::ofstream(file_).put('\n');
  look();
  EXPECT_TRUE(switch_.is_on());
  EXPECT_EQ(woken_, 1) << "what it holds back is looked at again at once";
  std::filesystem::remove(file_);
  look();
  EXPECT_FALSE(switch_.is_on());
  EXPECT_EQ(woken_, 2);
  look();
  EXPECT_EQ(woken_, 2);
}

TEST_F(KillSwitch, WithoutAFileThereIsNone) {
  switch_.look_for(std::nullopt, true);
  EXPECT_FALSE(switch_.is_on());
  look();
  EXPECT_FALSE(switch_.is_on());
}

TEST_F(KillSwitch, ANewFileIsOnUntilItWasSeen) {
  switch_.look_for(file_, true);
  switch_.look_for(folder_ / "other", false);
  EXPECT_TRUE(switch_.is_on());
  look();
  EXPECT_FALSE(switch_.is_on());
  switch_.look_for(folder_ / "other", false);
  EXPECT_FALSE(switch_.is_on()) << "a reload that changes nothing forgets nothing";
}

TEST_F(KillSwitch, WhatWasSeenOfTheFileBeforeDoesNotCountForTheNext) {
  switch_.look_for(file_, true);
  executor_.hold(engine::Lane::brake);
  look();
  switch_.look_for(folder_.path(), false);
  executor_.release(engine::Lane::brake);
  executor_.settle();
  EXPECT_TRUE(switch_.is_on());
}

TEST_F(KillSwitch, IsOnWhileALookAtItHangs) {
  switch_.look_for(file_, true);
  executor_.hold(engine::Lane::brake);
  look();
  EXPECT_FALSE(switch_.is_on()) << "a slow disk is no reason yet";
  clock_.step(3s);
  EXPECT_TRUE(switch_.is_on());
  switch_.tick();
  EXPECT_EQ(executor_.waiting(engine::Lane::brake), 1U) << "one look at a time";
  executor_.release(engine::Lane::brake);
  executor_.settle();
  EXPECT_FALSE(switch_.is_on());
  EXPECT_EQ(woken_, 1);
}

TEST_F(KillSwitch, ADecisionWaitsForALookOfItsOwn) {
  switch_.look_for(file_, true);
  std::vector<bool> seen;
  const auto decide = [&] { switch_.when_seen([&] { seen.push_back(switch_.is_on()); }); };
  decide();
  std::ofstream(file_).put('\n');
  decide();
  EXPECT_TRUE(seen.empty());
  executor_.settle();
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_TRUE(seen.back()) << "what was thrown before it holds it back";
}

TEST_F(KillSwitch, ADecisionDoesNotWaitForALookThatHangs) {
  switch_.look_for(file_, true);
  executor_.hold(engine::Lane::brake);
  std::vector<bool> seen;
  const auto decide = [&] { switch_.when_seen([&] { seen.push_back(switch_.is_on()); }); };
  decide();
  decide();
  clock_.step(3s);
  switch_.tick();
  EXPECT_EQ(seen, std::vector(2, true));
  EXPECT_GT(switch_.tick(), clock_.now().mono) << "the loop sleeps meanwhile";
  decide();
  EXPECT_EQ(seen.size(), 3U) << "as long as it hangs";
  executor_.release(engine::Lane::brake);
  executor_.settle();
  EXPECT_EQ(seen.size(), 3U) << "nobody is told twice";
}

TEST_F(KillSwitch, ADecisionThatWaitsIsMadeThoughTheSwitchIsGone) {
  switch_.look_for(file_, true);
  int told = 0;
  switch_.when_seen([&] { ++told; });
  switch_.when_seen([&] { ++told; });
  switch_.look_for(std::nullopt, false);
  executor_.settle();
  EXPECT_EQ(told, 2);
  EXPECT_FALSE(switch_.is_on());
}

TEST_F(KillSwitch, WithoutAFileADecisionWaitsForNothing) {
  int told = 0;
  switch_.when_seen([&] { ++told; });
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace guard::test
