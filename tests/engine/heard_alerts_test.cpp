// SPDX-License-Identifier: Apache-2.0
//
// Where webhooks alone tell of alerts: what they told is known until they tell otherwise, also by the next guard. Where
// Alertmanager is asked: what it may not know yet is not taken for what does not fire.
#include "tests/engine/property_watchers.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using core::Outcome;

class HeardAlerts : public testing::Test {
 protected:
  HeardAlerts() {
    world.groups[0].rules = {alert_rule()};
    world.groups[0].rules[0].breach.sustained = 30s;
    world.restart();
    EXPECT_TRUE(world.announce(shop_release("r1")));
    world.run(7s);
    alert.starts_at = world.clock.now().wall;
  }
  std::size_t told(alerts::AlertStatus status, std::uint64_t left_out = 0) {
    auto notification = notification_of(alert, status);
    notification.truncated_alerts = left_out;
    const auto intake = world.receive(notification);
    EXPECT_TRUE(intake);
    world.run(2s);
    return intake->fresh;
  }
  Outcome reading() { return *world.view("r1").rules[0].outcome; }

  World world;
  core::FiringAlert alert{"f1", {{"severity", "critical"}}, {}};
};

TEST_F(HeardAlerts, AnAlertThatFiresAgainWithItsOldStartIsABreach) {
  told(alerts::AlertStatus::firing);
  told(alerts::AlertStatus::resolved);
  EXPECT_EQ(reading(), Outcome::ok);
  EXPECT_EQ(told(alerts::AlertStatus::firing), 0U) << "overtaken by its end";
  EXPECT_EQ(reading(), Outcome::ok);
  world.run(alerts::longest_overtaking);
  EXPECT_EQ(told(alerts::AlertStatus::firing), 1U);
  EXPECT_EQ(reading(), Outcome::breach);
}

TEST_F(HeardAlerts, TheNextGuardKnowsWhenTheEndWasHeardAndThatTheAlertFiresAgain) {
  told(alerts::AlertStatus::firing);
  told(alerts::AlertStatus::resolved);
  world.restart();
  EXPECT_EQ(told(alerts::AlertStatus::firing), 0U) << "overtaken by its end";
  world.run(alerts::longest_overtaking);
  EXPECT_EQ(told(alerts::AlertStatus::firing), 1U);
  world.restart();
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::breach);
}

TEST_F(HeardAlerts, TheNextGuardKnowsThatAMessageWasCutShortUntilOneIsWhole) {
  told(alerts::AlertStatus::resolved, 3);
  EXPECT_EQ(reading(), Outcome::error);
  world.restart();
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::error);
  told(alerts::AlertStatus::resolved);
  EXPECT_EQ(reading(), Outcome::ok);
  world.restart();
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::ok);
}

TEST_F(HeardAlerts, AWholeMessageOfTheGuardsOwnAlertsAlsoSaysThatNothingIsLeftOut) {
  told(alerts::AlertStatus::resolved, 3);
  alert.labels["source"] = "release-guard";
  told(alerts::AlertStatus::firing);
  EXPECT_EQ(reading(), Outcome::ok);
}

class AskedAlerts : public testing::Test {
 protected:
  AskedAlerts() {
    world.groups[0].rules = {alert_rule()};
    world.groups[0].rules[0].breach.sustained = 6s;
    world.alerts = std::make_shared<FakeAlerts>();
    world.restart();
    EXPECT_TRUE(world.announce(shop_release("r1")));
    world.run(7s);
  }
  void fire() {
    world.alerts->answer = {{"f1", {{"severity", "critical"}}, world.clock.now().wall}};
    world.run(4s);
  }
  // Alertmanager starts anew and knows of nothing yet.
  void forget() {
    world.alerts->doubt = {core::Reason::partial_result, "up for 1s only", true};
    world.alerts->answer = std::vector<core::FiringAlert>{};
    world.run(3s);
  }
  engine::RuleView rule() { return world.view("r1").rules[0]; }

  World world;
};

TEST_F(AskedAlerts, AnAlertmanagerThatMayNotKnowAllDoesNotShowThatNothingFires) {
  EXPECT_EQ(rule().verdict, core::Verdict::ok);
  forget();
  EXPECT_EQ(rule().outcome, Outcome::error);
  EXPECT_EQ(rule().reading_reason, core::Reason::partial_result);
  EXPECT_EQ(rule().verdict, core::Verdict::unknown);
  EXPECT_THAT(rule().explanation, testing::HasSubstr("up for 1s only"));
}

TEST_F(AskedAlerts, WhatItListsIsABreachAllTheSame) {
  forget();
  fire();
  EXPECT_EQ(rule().outcome, Outcome::breach);
}

TEST_F(AskedAlerts, ItsRestartEndsNoBreachThatIsBeingCounted) {
  fire();
  forget();
  EXPECT_TRUE(world.hook->calls.empty());
  fire();
  EXPECT_EQ(world.hook->calls.size(), 1U) << "4s before the restart and 4s after it";
}

TEST_F(AskedAlerts, ItsRestartVerifiesNoRollback) {
  fire();
  fire();
  ASSERT_EQ(world.phase("r1"), core::Phase::verifying);
  forget();
  world.run(15s);
  EXPECT_EQ(world.phase("r1"), core::Phase::verifying);
  world.alerts->doubt.reset();
  world.run(25s);
  EXPECT_EQ(world.phase("r1"), core::Phase::rolled_back);
}

}  // namespace
}  // namespace guard::test
