// SPDX-License-Identifier: Apache-2.0
#include "guard/core/recent_preflight.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

class Preflighted : public testing::Test {
 protected:
  Shown shown(Duration at) const {
    Requirement requirement;
    requirement.preflight = 1h;
    return preflights_.shown_of(requirement, shop_watch().spec, moment(at));
  }
  void keep(bool passed, Duration at) { preflights_.keep(shop_watch().spec.place(), passed, moment(at)); }

  RecentPreflights preflights_;
};

TEST_F(Preflighted, OneThatPassedCountsForSoLong) {
  keep(true, 0h);
  EXPECT_TRUE(shown(1h).met);
  EXPECT_EQ(shown(1h).seen, "the preflight of 1h ago passed");
  EXPECT_FALSE(shown(61min).met);
  EXPECT_EQ(shown(2h).seen, "the last one passed 2h ago");
  EXPECT_EQ(shown(2h).advice,
            "run it again: release-guard preflight --service shop --environment production --version 2.0");
}

TEST_F(Preflighted, NoneIsKnownUntilOneWasRun) {
  EXPECT_FALSE(shown(0h).met);
  EXPECT_EQ(shown(0h).seen, "none of shop in production is known since this guard was started");
  EXPECT_THAT(shown(0h).advice, testing::HasSubstr("release-guard preflight"));
}

TEST_F(Preflighted, TheLatestCountsWhetherItPassedOrFailed) {
  keep(true, 0h);
  keep(false, 10min);
  EXPECT_FALSE(shown(15min).met);
  EXPECT_EQ(shown(15min).seen, "the one of 5m ago failed");
  keep(true, 20min);
  EXPECT_TRUE(shown(25min).met);
}

TEST_F(Preflighted, IsOfOnePlaceOnly) {
  preflights_.keep({"shop", "staging"}, true, moment(0h));
  EXPECT_FALSE(shown(0h).met);
}

TEST_F(Preflighted, TheOldestIsForgottenWhereThereAreTooMany) {
  keep(true, 0h);
  for (int i = 0; i < 1000; ++i) preflights_.keep({"s" + std::to_string(i), "production"}, true, moment(1min));
  EXPECT_FALSE(shown(2min).met);
}

}  // namespace
}  // namespace guard::core
