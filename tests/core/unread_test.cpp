// SPDX-License-Identifier: Apache-2.0
#include "guard/core/unread.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

class Unread : public testing::Test {
 protected:
  // The clock of a release that has long settled.
  Unread() {
    watch.phase = Phase::watching;
    watch.rules[0].past.known = true;
  }
  void read(Outcome outcome, Duration age, Reason reason = Reason::query_failed) {
    auto evaluation = reading(outcome, moment(age));
    if (outcome != Outcome::ok && outcome != Outcome::breach) evaluation.reason = reason;
    watch.rules[0] = judge(watch.group->rules[0], watch.rules[0], evaluation, {interval, false, watch.paused});
  }
  std::optional<WallTime> since(Duration age) const { return unread_since(watch, 0, moment(age)); }
  Rule& rule() {
    auto copy = std::make_shared<RuleGroup>(*watch.group);
    watch.group = copy;
    return copy->rules[0];
  }

  Watch watch = shop_watch();
};

TEST_F(Unread, ARuleIsUnreadThreeIntervalsAfterItsLastReading) {
  read(Outcome::ok, 6min);
  EXPECT_EQ(since(6min + 3 * interval - Duration{1}), std::nullopt);
  EXPECT_EQ(since(6min + 3 * interval), moment(6min).wall);
}

TEST_F(Unread, ErrorsAndMissingDataAreNoReadings) {
  read(Outcome::breach, 6min);
  for (int i = 1; i <= 3; ++i) read(i == 2 ? Outcome::no_data : Outcome::error, 6min + i * interval);
  EXPECT_EQ(since(6min + 3 * interval), moment(6min).wall);
  read(Outcome::ok, 6min + 4 * interval);
  EXPECT_EQ(since(6min + 4 * interval), std::nullopt) << "it lasts as long as the rule is not read";
}

TEST_F(Unread, ARuleThatWasNeverReadIsToldByTheClock) {
  EXPECT_EQ(since(5min + 3 * interval - Duration{1}), std::nullopt);
  EXPECT_EQ(since(5min + 3 * interval), moment(5min).wall) << "since readings count";
  EXPECT_EQ(since(4min), std::nullopt);
}

TEST_F(Unread, WhatIsReadWhileItSettlesIsNotYetWhatCounts) {
  read(Outcome::ok, 1min);
  EXPECT_EQ(since(5min + 3 * interval), moment(5min).wall);
}

TEST_F(Unread, TooLittleTrafficAndAMissingSignalAreAnswers) {
  for (const auto reason : {Reason::low_traffic, Reason::signal_missing}) {
    read(Outcome::no_data, reason == Reason::low_traffic ? 6min : 8min, reason);
    EXPECT_EQ(watch.rules[0].read, watch.rules[0].last->at);
  }
}

TEST_F(Unread, WhatAPolicyPassesOverOrCountsIsNoTroubleOfReading) {
  rule().on_error = MissingPolicy::ignore;
  rule().on_no_data = MissingPolicy::breach;
  read(Outcome::error, 6min);
  EXPECT_EQ(watch.rules[0].read, moment(6min));
  read(Outcome::no_data, 7min, Reason::empty_result);
  EXPECT_EQ(watch.rules[0].read, moment(7min));
}

TEST_F(Unread, ABreachThatCannotBeToldFromAnOldOneIsNoReading) {
  watch.rules[0].past.known = false;
  read(Outcome::breach, 6min);
  EXPECT_EQ(watch.rules[0].read, std::nullopt);
}

TEST_F(Unread, AWarningDoesNotCount) {
  rule().action = Action::warn;
  EXPECT_EQ(since(1h), std::nullopt);
}

TEST_F(Unread, APauseIsNotHeldAgainstIt) {
  read(Outcome::ok, 6min);
  watch.paused = true;
  watch.clock.stop(moment(7min));
  EXPECT_EQ(since(30min), std::nullopt);
  watch.paused = false;
  watch.clock.start(moment(30min), "boot");
  EXPECT_EQ(since(30min + 2 * interval), std::nullopt);
  EXPECT_EQ(since(30min + 3 * interval), moment(30min).wall);
}

TEST_F(Unread, AVerificationIsReadFromItsBeginning) {
  read(Outcome::ok, 6min);
  watch.phase = Phase::verifying;
  watch.phase_began = 20min;
  watch.rules[0] = fresh_for_verification(watch.group->rules[0], watch.rules[0], moment(20min).wall);
  EXPECT_EQ(since(20min + 2 * interval), std::nullopt);
  EXPECT_EQ(since(20min + 3 * interval), moment(20min).wall);
}

TEST_F(Unread, APhaseThatReadsNothingHasNothingUnread) {
  for (const auto phase : {Phase::deploying, Phase::rolling_back, Phase::passed}) {
    watch.phase = phase;
    EXPECT_EQ(since(1h), std::nullopt) << to_string(phase);
  }
}

TEST_F(Unread, TheLagIsWhatARoundIsLate) {
  EXPECT_EQ(reading_lag(watch, moment(interval)), Duration{0});
  EXPECT_EQ(reading_lag(watch, moment(interval + 7s)), 7s) << "never read";
  read(Outcome::error, 6min);
  EXPECT_EQ(reading_lag(watch, moment(6min + interval)), Duration{0});
  EXPECT_EQ(reading_lag(watch, moment(6min + 3 * interval)), 2 * interval) << "an error too was asked for";
  watch.paused = true;
  EXPECT_EQ(reading_lag(watch, moment(1h)), Duration{0});
}

}  // namespace
}  // namespace guard::core
