// SPDX-License-Identifier: Apache-2.0
#include "guard/model/release.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::model {
namespace {

using core::moment;
using namespace std::chrono_literals;

WatchClock started() {
  WatchClock clock;
  clock.start(moment(), "boot-1");
  return clock;
}

TEST(Release, APhaseIsFinalOrTheWatchGoesOn) {
  for (const auto phase : {Phase::passed, Phase::breached, Phase::unverified, Phase::rolled_back,
                           Phase::rollback_failed, Phase::aborted, Phase::superseded})
    EXPECT_TRUE(is_final(phase)) << to_string(phase);
  for (const auto phase : {Phase::deploying, Phase::settling, Phase::watching, Phase::awaiting_approval,
                           Phase::rolling_back, Phase::verifying})
    EXPECT_FALSE(is_final(phase)) << to_string(phase);
}

TEST(Release, RulesAreReadWhileSomethingCanStillBeConcludedFromThem) {
  for (const auto& [phase, name] : EnumNames<Phase>::table) {
    const bool judged = phase == Phase::settling || phase == Phase::watching || phase == Phase::awaiting_approval ||
                        phase == Phase::verifying;
    EXPECT_EQ(is_judged(phase), judged) << name;
  }
}

TEST(WatchClock, StandsStillUntilItIsStarted) {
  EXPECT_EQ(WatchClock{}.age(moment(1h)), 0s);
}

TEST(WatchClock, RunsByBootTimeWhateverHappensToWallTime) {
  const auto clock = started();
  auto now = moment(10min);
  now.wall += 2h;
  EXPECT_EQ(clock.age(now), 10min);
  now.wall -= 30h;
  EXPECT_EQ(clock.age(now), 10min);
}

TEST(WatchClock, IsNeverNegative) {
  EXPECT_EQ(started().age(moment(-10min)), 0s);
}

TEST(WatchClock, DoesNotCountAPause) {
  auto clock = started();
  clock.stop(moment(10min));
  EXPECT_EQ(clock.age(moment(40min)), 10min);
  clock.start(moment(40min), "boot-1");
  EXPECT_EQ(clock.age(moment(45min)), 15min);
}

TEST(WatchClock, LosesNothingWhenItIsStartedTwice) {
  auto clock = started();
  clock.start(moment(10min), "boot-1");
  EXPECT_EQ(clock.age(moment(15min)), 15min);
}

TEST(WatchClock, CountsAnotherBootByWallTime) {
  auto clock = started();
  const Instant rebooted{moment(30min).wall, MonoTime(20s)};
  clock.resume_after_reboot(rebooted, "boot-2", 2h);
  EXPECT_EQ(clock.boot_id, "boot-2");
  EXPECT_EQ(clock.age(rebooted + 1min), 31min);
}

TEST(WatchClock, CountsNoRebootTimeWhilePaused) {
  auto clock = started();
  clock.stop(moment(10min));
  clock.resume_after_reboot({moment(3h).wall, MonoTime(20s)}, "boot-2", 2h);
  EXPECT_EQ(clock.age({moment(4h).wall, MonoTime(1h)}), 10min);
}

RC_GTEST_PROP(WatchClockProperty, ARebootNeitherTakesTimeBackNorEndsMoreThanTheLimit, ()) {
  WatchClock clock = started();
  clock.elapsed = Duration(*rc::gen::inRange(0, 20'000'000));
  const auto before = clock.elapsed;
  const Duration limit = 2h;
  const Instant now{moment().wall + Duration(*rc::gen::inRange(-100'000'000, 100'000'000)), MonoTime(5s)};
  clock.resume_after_reboot(now, "boot-2", limit);
  RC_ASSERT(clock.age(now) >= before);
  RC_ASSERT(clock.age(now) <= std::max(before, limit));
}

}  // namespace
}  // namespace guard::model
