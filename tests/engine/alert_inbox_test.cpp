// SPDX-License-Identifier: Apache-2.0
//
// Where webhooks alone tell of alerts: what they told is known until they tell otherwise, also by the next guard. Where
// Alertmanager is asked: what it may not know yet is not taken for what does not fire.
#include "tests/engine/property_watchers.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using model::Outcome;

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
  model::FiringAlert alert{"f1", {{"severity", "critical"}}, {}};
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

TEST_F(HeardAlerts, Fault33TheNextGuardKnowsWhenTheEndWasHeardAndThatTheAlertFiresAgain) {
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

TEST_F(HeardAlerts, Fault26TheNextGuardKnowsThatAMessageWasCutShortUntilOneIsWhole) {
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

// What the round has been told is of before the alert; the next round is a day away.
TEST_F(HeardAlerts, AnAlertHeardDuringARoundIsReadAtItsEnd) {
  auto slow = shop_group().rules[0];
  world.groups[0].rules.push_back(slow);
  world.groups[0].rules[0].breach.sustained = 0s;
  world.groups[0].interval = 24h;
  world.groups[0].window = 7 * 24h;
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.clock.step(24h);
  world.executor->hold(engine::Lane::query);
  world.guard->tick();
  world.settle();
  ASSERT_GT(world.executor->waiting(engine::Lane::query), 0U) << "the round waits for Prometheus";
  alert.starts_at = world.clock.now().wall;
  ASSERT_TRUE(world.receive(notification_of(alert, alerts::AlertStatus::firing)));
  world.executor->release(engine::Lane::query);
  world.settle();
  EXPECT_TRUE(world.hook->calls.empty());
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(HeardAlerts, AnAlertThatNoRuleAsksForWakesNobody) {
  world.groups[0].interval = 24h;
  world.groups[0].window = 7 * 24h;
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.run(2s);
  const auto read = [&] {
    int count = 0;
    for (const auto& [outcome, times] : world.telemetry.evaluations) count += times;
    return count;
  };
  const auto before = read();
  alert.starts_at = world.clock.now().wall;
  alert.labels["severity"] = "warning";
  EXPECT_EQ(told(alerts::AlertStatus::firing), 1U);
  EXPECT_EQ(read(), before);
  alert.fingerprint = "f2";
  alert.labels["severity"] = "critical";
  EXPECT_EQ(told(alerts::AlertStatus::firing), 1U);
  EXPECT_GT(read(), before);
}

TEST_F(HeardAlerts, AnEndInTheFutureDoesNotHideTheAlertAlsoForTheNextGuard) {
  alert.starts_at = world.clock.now().wall + 24h * 365;
  told(alerts::AlertStatus::resolved);
  world.restart();
  alert.starts_at = world.clock.now().wall;
  EXPECT_EQ(told(alerts::AlertStatus::firing), 1U);
  EXPECT_EQ(reading(), Outcome::breach);
  world.restart();
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::breach);
}

TEST_F(HeardAlerts, WhatThereIsNoRoomForIsForgottenByTheJournalTooAndSaid) {
  alerts::Notification storm = notification_of(alert, alerts::AlertStatus::firing);
  auto one = storm.alerts[0];
  one.labels = {{"severity", "warning"}};
  storm.alerts.clear();
  for (std::size_t i = 0; i <= alerts::most_alerts; ++i) {
    one.fingerprint = std::to_string(i);
    storm.alerts.push_back(one);
  }
  ASSERT_TRUE(world.receive(storm));
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::error) << "what was left out may be the release's";
  EXPECT_LE(world.disk.alerts.size(), alerts::most_alerts);
  world.restart();
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::error);
}

TEST_F(HeardAlerts, GroupsWithoutNumberWhoseMessagesWereCutShortFillNoJournal) {
  auto cut = notification_of(alert, alerts::AlertStatus::firing);
  cut.alerts.clear();
  for (std::size_t i = 0; i < alerts::most_cut_groups + 100; ++i) {
    cut.group_key = alerts::group_name(std::to_string(i));
    cut.truncated_alerts = 1;
    ASSERT_TRUE(world.receive(cut));
  }
  world.run(2s);
  EXPECT_LE(world.disk.cut_short.size(), alerts::most_cut_groups + 1);
  world.restart();
  world.run(2s);
  EXPECT_EQ(reading(), Outcome::error) << "what was left out may be the release's";
}

TEST_F(HeardAlerts, Fault25AnEndCancelsNoRunningRollback) {
  world.executor->hold(engine::Lane::hook);
  told(alerts::AlertStatus::firing);
  world.run(35s);
  ASSERT_EQ(world.executor->waiting(engine::Lane::hook), 1U) << "the hook runs";
  told(alerts::AlertStatus::resolved);
  world.run(10s);
  EXPECT_EQ(world.phase("r1"), model::Phase::rolling_back);
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.phase("r1"), model::Phase::verifying);
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
    world.alerts->doubt = {model::Reason::partial_result, "up for 1s only", true};
    world.alerts->answer = std::vector<model::FiringAlert>{};
    world.run(3s);
  }
  story::RuleView rule() { return world.view("r1").rules[0]; }

  World world;
};

TEST_F(AskedAlerts, AnAlertmanagerThatMayNotKnowAllDoesNotShowThatNothingFires) {
  EXPECT_EQ(rule().verdict, model::Verdict::ok);
  forget();
  EXPECT_EQ(rule().outcome, Outcome::error);
  EXPECT_EQ(rule().reading_reason, model::Reason::partial_result);
  EXPECT_EQ(rule().verdict, model::Verdict::unknown);
  EXPECT_THAT(rule().explanation, testing::HasSubstr("up for 1s only"));
}

TEST_F(AskedAlerts, WhatItListsIsABreachAllTheSame) {
  forget();
  fire();
  EXPECT_EQ(rule().outcome, Outcome::breach);
}

TEST_F(AskedAlerts, Fault28WhatFiresAndClearsBeforeAnyMessageIsSentIsReadAllTheSame) {
  world.groups[0].rules[0].breach.sustained = 0s;
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.run(7s);
  world.alerts->answer = {{"f1", {{"severity", "critical"}}, world.clock.now().wall}};
  world.run(1s);
  world.alerts->answer = std::vector<model::FiringAlert>{};
  world.run(3s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(AskedAlerts, WhatIsMutedIsNamedInTheStatus) {
  world.alerts->answer = {
      {"f1", {{"severity", "critical"}, {"alertname", "Down"}}, world.clock.now().wall, model::Muted::silenced}};
  world.run(3s);
  EXPECT_EQ(rule().outcome, Outcome::ok);
  EXPECT_THAT(rule().explanation, testing::HasSubstr("silenced, so not counted: Down since"));
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
  ASSERT_EQ(world.phase("r1"), model::Phase::verifying);
  forget();
  world.run(15s);
  EXPECT_EQ(world.phase("r1"), model::Phase::verifying);
  world.alerts->doubt.reset();
  world.run(25s);
  EXPECT_EQ(world.phase("r1"), model::Phase::rolled_back);
}

}  // namespace
}  // namespace guard::test
