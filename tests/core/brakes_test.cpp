// SPDX-License-Identifier: Apache-2.0
//
// What all releases together hold back.
#include "guard/core/brakes.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Brakes : public testing::Test {
 protected:
  Watch release(const std::string& id, const std::string& service) const {
    auto watch = shop_watch();
    watch.spec.id = id;
    watch.spec.service = service;
    watch.phase = Phase::watching;
    watch.announced_at = moment().wall;
    return watch;
  }
  void put(Watch watch) { fleet_.put(std::make_shared<const Watch>(std::move(watch))); }
  void breaks(const std::string& service) {
    auto watch = release(service + "-1", service);
    watch.rules[0].in_breach = true;
    put(std::move(watch));
  }
  static Decision rollback(Duration age, CallState state) {
    Decision decision;
    decision.kind = DecisionKind::rollback;
    decision.state = state;
    decision.at = moment(age).wall;
    return decision;
  }
  BrakeState state_of(const Watch& watch, Duration age) const {
    return brake_state(fleet_, watch, inputs_, moment(age));
  }

  Fleet fleet_;
  BrakeInputs inputs_{false, 2, 10min};
};

TEST_F(Brakes, TheBreakerOpensWhereSoManyServicesBreakAtOnce) {
  breaks("shop");
  EXPECT_THAT(open_breaker(fleet_, inputs_, moment(1min)), IsEmpty());
  breaks("cart");
  EXPECT_THAT(open_breaker(fleet_, inputs_, moment(1min)), ElementsAre("cart", "shop"));
  inputs_.breaker_services = 0;
  EXPECT_THAT(open_breaker(fleet_, inputs_, moment(1min)), IsEmpty()) << "it is off";
}

TEST_F(Brakes, WhatWasRolledBackWithinTheTimeCountsOn) {
  breaks("shop");
  auto gone = release("c1", "cart");
  gone.phase = Phase::rolled_back;
  gone.decisions = {rollback(1min, CallState::confirmed)};
  put(gone);
  EXPECT_THAT(open_breaker(fleet_, inputs_, moment(11min)), ElementsAre("cart", "shop"));
  EXPECT_THAT(open_breaker(fleet_, inputs_, moment(11min + 1s)), IsEmpty());
}

TEST_F(Brakes, OneRollbackOfAPlaceAtATime) {
  auto other = release("r0", "shop");
  other.phase = Phase::rolling_back;
  other.decisions = {rollback(1min, CallState::calling)};
  put(other);
  EXPECT_EQ(state_of(release("r1", "shop"), 2min).in_flight, "r0");
  EXPECT_EQ(state_of(other, 2min).in_flight, std::nullopt) << "its own is no other";
  EXPECT_EQ(state_of(release("r1", "cart"), 2min).in_flight, std::nullopt);
}

TEST_F(Brakes, ANewerReleaseThatIsToComeHoldsTheOneBefore) {
  auto coming = release("r2", "shop");
  coming.phase = Phase::deploying;
  coming.live_at.reset();
  coming.announced_at = moment(1min).wall;
  put(coming);
  EXPECT_EQ(state_of(release("r1", "shop"), 2min).deploying, "r2");
}

TEST_F(Brakes, TheKillSwitchIsTakenAsItIsTold) {
  inputs_.kill_switch = true;
  EXPECT_TRUE(state_of(release("r1", "shop"), 2min).kill_switch);
}

}  // namespace
}  // namespace guard::core
