// SPDX-License-Identifier: Apache-2.0
//
// What the time before a release excuses.
#include "guard/core/share_before.hpp"

#include "guard/core/before_release.hpp"
#include "tests/support/counters.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

class TheTimeBefore : public testing::Test {
 protected:
  void read() { read_share_before(share_rule(), *shop_watch().group, shop(), all_of(service_), state_); }
  void pass(int times, double requests, double failed) {
    for (int i = 0; i < times; ++i) service_.scrape(requests, failed);
  }

  CountedService service_;
  RuleState state_;
};

TEST_F(TheTimeBefore, ThatWasWellExcusesNothing) {
  pass(100, 150, 0);
  read();
  EXPECT_TRUE(state_.past.known);
  EXPECT_FALSE(state_.past.breached);
  EXPECT_EQ(state_.share->bets.bound, 0.01);
  EXPECT_EQ(state_.share->bets.noise, 1);
}

TEST_F(TheTimeBefore, ShowsAnIncidentThatBeganJustBeforeTheSwitch) {
  pass(100, 150, 0);
  pass(8, 150, 30);
  read();
  EXPECT_TRUE(state_.past.breached);
  EXPECT_NEAR(*state_.past.value, 0.2, 0.01);
  EXPECT_NEAR(state_.share->bets.bound, 0.3, 0.01);
}

TEST_F(TheTimeBefore, AFailureOfSecondsBeforeTheSwitchIsNoIncident) {
  pass(100, 150, 0);
  pass(1, 150, 60);
  pass(1, 150, 0);
  read();
  EXPECT_FALSE(state_.past.breached);
}

TEST_F(TheTimeBefore, WhatAFewEventsLeaveOpenIsNotHeldAgainstTheRelease) {
  pass(20, 1, 0);
  for (int i = 0; i < 8; ++i) {
    pass(1, 1, 1);
    pass(2, 1, 0);
  }
  pass(1, 1, 1);
  read();
  EXPECT_TRUE(state_.past.breached);
  EXPECT_GE(state_.share->bets.bound, 0.5) << "9 of 25 may have been half of them";
}

TEST_F(TheTimeBefore, OneFailureOfAHandfulIsNoIncident) {
  pass(20, 1, 0);
  pass(1, 1, 1);
  pass(3, 1, 0);
  read();
  EXPECT_FALSE(state_.past.breached);
}

TEST_F(TheTimeBefore, ShowsNoiseThatMustBeOutdone) {
  pass(40, 150, 0);
  pass(3, 150, 40);
  pass(100, 150, 0);
  read();
  EXPECT_FALSE(state_.past.breached) << "it had ended";
  EXPECT_GT(state_.share->bets.noise, 20);
}

TEST_F(TheTimeBefore, OfAServiceThatWasNotThereIsKnownAsWell) {
  read();
  EXPECT_TRUE(state_.past.known);
  EXPECT_FALSE(state_.past.breached);
}

TEST_F(TheTimeBefore, IsGivenUpAfterSomeFailures) {
  const ShareAnswer away{std::unexpected(SourceError{}), std::unexpected(SourceError{})};
  for (int i = 1; i <= enough_failed_reads; ++i) {
    read_share_before(share_rule(), *shop_watch().group, shop(), away, state_);
    EXPECT_EQ(state_.past.known, i == enough_failed_reads);
  }
}

TEST_F(TheTimeBefore, IsAsLongAsTheWatch) {
  RuleGroup group;
  group.window = 30min;
  EXPECT_EQ(share_before_length(group, 0), 30min);
  group.window = 24h;
  EXPECT_EQ(share_before_length(group, 0), 1h);
  EXPECT_EQ(share_before_length(group, 1), 15min) << "the answer may have been too large";
}

TEST_F(TheTimeBefore, ABurstOfAMinuteAgoIsNoIncidentThatStands) {
  for (int i = 0; i < 60; ++i) service_.scrape(1000, i == 54 ? 200 : 0);
  read();
  EXPECT_FALSE(state_.past.breached);
}

}  // namespace
}  // namespace guard::core
