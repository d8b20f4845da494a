// SPDX-License-Identifier: Apache-2.0
//
// The guard and its own alerts: which releases it speaks of, before and after a restart, and that its own words never
// come back to it as facts about a service.
#include "guard/notify/own_alerts.hpp"
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using model::Phase;
using model::Verb;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OwnWords : public testing::Test {
 protected:
  void watch(const std::string& id, const std::string& version = "v2") {
    ASSERT_TRUE(world.announce(shop_release(id, version)));
    world.run(7s);
    ASSERT_EQ(world.phase(id), Phase::watching);
  }

  std::vector<std::string> said() {
    std::vector<std::string> out;
    for (const auto& alert : notify::own_alerts(world.guard->current(notify::announced_for), world.guard->health(), {},
                                                world.clock.now().wall))
      out.push_back(alert.labels.at("alertname"));
    return out;
  }

  std::vector<std::string> needing_a_person() {
    engine::ReleaseFilter filter;
    filter.needs_person_only = true;
    std::vector<std::string> out;
    for (const auto& view : world.guard->releases(filter)) out.push_back(view.spec.id);
    return out;
  }

  void break_it() { world.metrics->now[error_rate] = one(0.2); }

  // Makes the group roll back on any critical alert of the service.
  void add_alerts_rule() {
    model::Rule rule;
    rule.slo = "no_critical_alerts";
    rule.kind = model::RuleKind::alerts;
    rule.alerts = {*promql::TextTemplate::parse("severity=\"critical\"", promql::TemplateKind::matcher),
                   *promql::TextTemplate::parse("service=\"shop\"", promql::TemplateKind::matcher)};
    rule.max_age = 5min;
    world.groups[0].rules.push_back(rule);
    world.restart();
  }

  alerts::Notification notification(const model::Labels& labels) const {
    alerts::Alert alert;
    alert.fingerprint = "00000000000000a1";
    alert.labels = labels;
    alert.starts_at = world.clock.now().wall;
    return {alerts::group_name("{}:{}"), "release-guard", "", 0, {alert}};
  }

  World world;
  model::Labels own{{"alertname", "ReleaseGuardRollbackFailed"},
                    {"source", "release-guard"},
                    {"severity", "critical"},
                    {"service", "shop"},
                    {"environment", "production"}};
};

TEST_F(OwnWords, FollowARollbackToItsEnd) {
  watch("r1");
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseStarted"));
  break_it();
  world.run(3s);
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardRollingBack"));
  world.metrics->now[error_rate] = one(0.001);
  world.run(10s);
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardRolledBack"));
  world.run(61min);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(OwnWords, FollowAWatchThatAPersonEnds) {
  watch("r1");
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseStarted"));
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseAborted"));
  world.restart();
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseAborted"));
  world.run(61min);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(OwnWords, AreTheSameAfterARestart) {
  watch("r1");
  world.hook->results = {AttemptResult::failed};
  break_it();
  world.run(5s);
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  const auto before = said();
  EXPECT_THAT(before, ElementsAre("ReleaseGuardRollbackFailed"));
  world.restart();
  EXPECT_EQ(said(), before);
  world.clock.reboot(48h);
  world.restart();
  EXPECT_EQ(said(), before) << "it is not over";
}

TEST_F(OwnWords, SpeakOfAFailedRollbackUntilTheNextReleaseIsLive) {
  watch("r1");
  world.hook->results = {AttemptResult::failed};
  break_it();
  world.run(5s);
  world.metrics->now[error_rate] = one(0.001);
  auto next = shop_release("r2", "v3");
  next.deploying = true;
  ASSERT_TRUE(world.announce(next));
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardRollbackFailed", "ReleaseGuardReleaseStarted"));
  EXPECT_THAT(needing_a_person(), ElementsAre("r1"));
  ASSERT_TRUE(world.order(Verb::abort, "r2"));
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardRollbackFailed", "ReleaseGuardReleaseAborted"))
      << "what never came is no answer to it";
  world.restart();
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardRollbackFailed", "ReleaseGuardReleaseAborted"));
  world.run(61min);
  ASSERT_TRUE(world.announce(shop_release("r3", "v3")));
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseStarted"));
  EXPECT_EQ(world.view("r1").needs_person, std::nullopt);
  EXPECT_THAT(needing_a_person(), IsEmpty());
  world.restart();
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseStarted"));
}

TEST_F(OwnWords, ARollbackThatIsOrderedAgainNeedsAPersonAgainIfItFailsAgain) {
  watch("r1");
  world.hook->results = {AttemptResult::failed, AttemptResult::done, AttemptResult::failed};
  break_it();
  world.run(5s);
  world.metrics->now[error_rate] = one(0.001);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3")));
  ASSERT_TRUE(world.order(Verb::rollback, "r2"));
  world.run(35s);
  ASSERT_EQ(world.phase("r2"), Phase::rolled_back);
  EXPECT_THAT(needing_a_person(), IsEmpty());
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(5s);
  EXPECT_THAT(needing_a_person(), ElementsAre("r1"));
}

TEST_F(OwnWords, SayThatTheStoreCannotBeWrittenWhileItCannot) {
  watch("r1");
  world.disk.full = true;
  world.run(2s);
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardStoreTrouble", "ReleaseGuardReleaseStarted"));
  const auto trouble = world.guard->health().store_trouble;
  world.run(3s);
  EXPECT_EQ(world.guard->health().store_trouble, trouble);
  world.disk.full = false;
  world.run(3s);
  EXPECT_THAT(said(), ElementsAre("ReleaseGuardReleaseStarted"));
}

TEST_F(OwnWords, NeverCountAgainstARelease) {
  add_alerts_rule();
  watch("r1");
  ASSERT_TRUE(world.receive(notification(own)));
  world.run(5s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  EXPECT_EQ(world.telemetry.alerts[engine::AlertIntake::own], 1U);
  auto symptom = own;
  symptom.erase("source");
  ASSERT_TRUE(world.receive(notification(symptom)));
  world.run(2s);
  EXPECT_THAT(world.hook->calls, SizeIs(1)) << "the same alert from anyone else does";
}

TEST_F(OwnWords, ComingBackAreNoSignThatAlertsOfTheServiceWouldArrive) {
  add_alerts_rule();
  watch("r1");
  ASSERT_TRUE(world.receive(notification(own)));
  world.run(2s);
  EXPECT_EQ(world.view("r1").rules.at(1).reading_reason, model::Reason::alertmanager_silent);
  EXPECT_THAT(world.disk.alerts, IsEmpty());
  ASSERT_TRUE(world.receive(notification({{"alertname", "Watchdog"}})));
  world.run(2s);
  EXPECT_EQ(world.view("r1").rules.at(1).reading_reason, model::Reason::objective_met);
}

}  // namespace
}  // namespace guard::test
