// SPDX-License-Identifier: Apache-2.0
#include "guard/core/rollback_policy.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::core {
namespace {

using testing::HasSubstr;
using testing::Optional;

class RollbackPolicy : public testing::Test {
 protected:
  void mode(Mode value) {
    settings([&](auto& rollback) { rollback.mode = value; });
  }
  template <class Change>
  void settings(Change change) {
    auto group = *watch.group;
    change(group.rollback);
    watch.group = std::make_shared<RuleGroup>(group);
  }
  // What a breach leads to: "rollback", or what holds it.
  std::string breach() const {
    const auto result = policy_for_breach(watch, Action::rollback, brakes);
    return std::string(result.kind == DecisionKind::hold ? to_string(result.brake) : to_string(result.kind));
  }
  std::string order() const {
    const auto result = policy_for_order(watch, brakes, watch.spec.previous_version);
    return std::string(result.kind == DecisionKind::hold ? to_string(result.brake) : to_string(result.kind));
  }

  Watch watch = shop_watch();
  BrakeState brakes;
};

TEST_F(RollbackPolicy, TheModeSaysWhetherItActsAsksOrOnlySpeaks) {
  EXPECT_EQ(breach(), "rollback");
  mode(Mode::ask);
  EXPECT_EQ(breach(), "ask");
  mode(Mode::observe);
  EXPECT_EQ(breach(), "would_rollback");
}

TEST_F(RollbackPolicy, ARuleThatAsksAsksInModeEnforceToo) {
  EXPECT_EQ(policy_for_breach(watch, Action::ask, brakes).kind, DecisionKind::ask);
  mode(Mode::observe);
  const auto observed = policy_for_breach(watch, Action::ask, brakes);
  EXPECT_EQ(observed.kind, DecisionKind::would_rollback);
  EXPECT_EQ(observed.reason, "a person would be asked first");
}

TEST_F(RollbackPolicy, EachBrakeHoldsAnAutomaticRollbackAndSaysWhy) {
  const auto held = [&](const BrakeState& state) {
    const auto result = policy_for_breach(watch, Action::rollback, state);
    EXPECT_EQ(result.kind, DecisionKind::hold);
    return result;
  };
  EXPECT_EQ(held({true, {}, {}}).brake, Brake::kill_switch);
  EXPECT_EQ(held({false, moment(1h).wall, {}}).brake, Brake::cooldown);
  EXPECT_THAT(held({false, moment(1h).wall, {}}).reason, Optional(HasSubstr("at 2026-01-31 13:00:00 UTC")));
  EXPECT_EQ(held({false, {}, {"cart", "shop"}}).brake, Brake::breaker);
  EXPECT_THAT(held({false, {}, {"cart", "shop"}}).reason, Optional(HasSubstr("cart, shop")));
  EXPECT_EQ(held({false, {}, {}, "r0"}).brake, Brake::in_flight);
  EXPECT_THAT(held({false, {}, {}, "r0"}).reason, Optional(HasSubstr("r0")));
}

TEST_F(RollbackPolicy, APersonOverridesEveryBrakeButACallInFlight) {
  brakes = {true, moment(1h).wall, {"cart", "shop"}};
  EXPECT_EQ(order(), "rollback");
  brakes.in_flight = "r0";
  EXPECT_EQ(order(), "in_flight");
}

TEST_F(RollbackPolicy, ARollbackIsNeverRolledBackAutomaticallyButAPersonMay) {
  watch.is_rollback = true;
  EXPECT_EQ(breach(), "is_rollback");
  mode(Mode::ask);
  EXPECT_EQ(breach(), "is_rollback") << "it is not even proposed";
  EXPECT_EQ(order(), "rollback");
}

TEST_F(RollbackPolicy, Fault44WithNothingToGoBackToNobodyIsAskedToApprove) {
  watch.spec.previous_version = "";
  for (const auto each : {Mode::enforce, Mode::ask}) {
    mode(each);
    EXPECT_EQ(breach(), "no_previous_version");
    EXPECT_EQ(order(), "no_previous_version");
  }
}

TEST_F(RollbackPolicy, WithoutAHookThereIsNothingToCall) {
  settings([](auto& rollback) { rollback.hook = ""; });
  EXPECT_EQ(breach(), "no_hook");
  EXPECT_EQ(order(), "no_hook");
}

TEST_F(RollbackPolicy, AskingIsNotHeldByBrakesThatAPersonMayOverride) {
  mode(Mode::ask);
  brakes = {true, moment(1h).wall, {"cart", "shop"}, "r0"};
  EXPECT_EQ(breach(), "ask");
}

TEST_F(RollbackPolicy, ObservingTellsWhatWouldHaveHeldIt) {
  mode(Mode::observe);
  EXPECT_EQ(policy_for_breach(watch, Action::rollback, brakes).reason, std::nullopt);
  brakes.kill_switch = true;
  const auto held = policy_for_breach(watch, Action::rollback, brakes);
  EXPECT_EQ(held.kind, DecisionKind::would_rollback);
  EXPECT_EQ(held.reason, "the kill switch is on");
}

}  // namespace
}  // namespace guard::core
