// SPDX-License-Identifier: Apache-2.0
#include "guard/core/staging.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// Releases of the shop to staging, each live at so many hours.
class Staging : public testing::Test {
 protected:
  Watch& add(const std::string& id, const std::string& version, int hour, Phase phase = Phase::passed) {
    auto watch = std::make_shared<Watch>(shop_watch());
    watch->spec.id = id;
    watch->spec.version = version;
    watch->spec.environment = "staging";
    watch->phase = phase;
    watch->live_at = watch->announced_at = at(hour);
    fleet_.put(watch);
    return *watch;
  }
  Shown shown(const std::string& version, int hour) const {
    return shown_of(fleet_, {"staging", 24h, UnmetAction::refuse, {}}, "shop", version, at(hour));
  }
  static WallTime at(int hour) { return moment(std::chrono::hours(hour)).wall; }

  Fleet fleet_;
};

TEST_F(Staging, AVersionMustHavePassedAndStoodThere) {
  add("s1", "v2", 0);
  EXPECT_TRUE(shown("v2", 24).met);
  const auto soon = shown("v2", 23);
  EXPECT_FALSE(soon.met);
  EXPECT_EQ(soon.seen, "v2 passed in staging, and has been live there for 23h; it must be 1d");
  EXPECT_THAT(soon.advice, testing::StartsWith("wait until "));
}

TEST_F(Staging, WhatIsNotKnownThereHasShownNothing) {
  add("s1", "v1", 0);
  EXPECT_FALSE(shown("v2", 48).met);
  EXPECT_EQ(shown("v2", 48).seen, "no release of v2 to staging is known");
  EXPECT_EQ(shown("v2", 48).advice, "release it to staging first");
}

TEST_F(Staging, NoOtherEndIsAPass) {
  for (const auto phase :
       {Phase::watching, Phase::unverified, Phase::breached, Phase::rolled_back, Phase::aborted, Phase::superseded}) {
    add("s1", "v2", 0, phase);
    EXPECT_FALSE(shown("v2", 48).met) << to_string(phase);
    EXPECT_THAT(shown("v2", 48).seen, testing::HasSubstr("has not passed in staging: its release s1 is"));
  }
}

TEST_F(Staging, CountsOnlyUntilAnotherVersionTookItsPlace) {
  add("s1", "v2", 0);
  add("s2", "v3", 20);
  EXPECT_FALSE(shown("v2", 48).met);
  EXPECT_THAT(shown("v2", 48).seen, testing::HasSubstr("was live there for 20h, until another version took its place"));
  EXPECT_TRUE(shown("v3", 44).met);
  add("s3", "v4", 45);
  EXPECT_TRUE(shown("v3", 48).met) << "it stood for 25h";
}

TEST_F(Staging, TheSameVersionAgainDoesNotTakeItsOwnPlace) {
  add("s1", "v2", 0);
  add("s2", "v2", 20, Phase::watching);
  EXPECT_TRUE(shown("v2", 24).met);
}

TEST_F(Staging, OfSeveralReleasesOfAVersionTheOneThatShowedMostCounts) {
  add("s1", "v2", 0);
  add("s2", "v3", 30);
  add("s3", "v2", 31, Phase::rolled_back);
  EXPECT_TRUE(shown("v2", 48).met);
  EXPECT_TRUE(shown("v2", 80).met) << "for how long one stood that did not pass shows nothing";
}

}  // namespace
}  // namespace guard::core
