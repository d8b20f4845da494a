// SPDX-License-Identifier: Apache-2.0
#include "guard/core/beginning.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

class Beginning : public testing::Test {
 protected:
  Watch announced(std::optional<WallTime> live_at = {}) const {
    auto spec = shop_watch().spec;
    spec.live_at = live_at;
    return core::announced(spec, shop_watch().group, now_, "boot");
  }

  Instant now_ = moment();
};

TEST_F(Beginning, TheFirstGroupThatMatchesWatchesARelease) {
  auto other = std::make_shared<RuleGroup>();
  other->match = {*Matcher::parse("service=another")};
  auto any = std::make_shared<RuleGroup>();
  any->match = {*Matcher::parse("service=~\".+\"")};
  const auto spec = shop_watch().spec;
  EXPECT_EQ(*group_for(spec, {other, any}), any);
  EXPECT_EQ(group_for(spec, {other}).error().code, ErrorCode::not_found);
}

// Instances restart in the minute before the pipeline says so.
TEST_F(Beginning, TheSwitchBeginsAMinuteBeforeAReleaseIsLive) {
  EXPECT_EQ(announced().switch_began, now_.wall - 1min);
  EXPECT_EQ(announced(now_.wall - 10min).switch_began, now_.wall - 11min);
}

TEST_F(Beginning, TheWindowRunsFromWhenItWasLiveAndNoLongerThanItIs) {
  auto watch = announced();
  mark_live(watch, now_.wall - 10min, now_, "boot");
  EXPECT_EQ(watch.clock.age(now_ + 1min), 11min);
  EXPECT_EQ(watch.switch_began, now_.wall - 11min);
  mark_live(watch, now_.wall - 100h, now_, "boot");
  EXPECT_EQ(watch.clock.age(now_), watch.group->window);
}

TEST_F(Beginning, NothingIsLiveInTheFuture) {
  auto watch = announced();
  mark_live(watch, now_.wall + 10min, now_, "boot");
  EXPECT_EQ(watch.live_at, now_.wall);
}

TEST_F(Beginning, ASwitchThatIsSeenEarlierBeganEarlier) {
  auto watch = announced();
  begin_switch(watch, now_.wall - 5min);
  EXPECT_EQ(watch.switch_began, now_.wall - 6min);
  begin_switch(watch, now_.wall);
  EXPECT_EQ(watch.switch_began, now_.wall - 6min);
}

}  // namespace
}  // namespace guard::core
