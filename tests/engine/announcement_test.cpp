// SPDX-License-Identifier: Apache-2.0
//
// What an announcement means for the releases that are there.
#include "tests/engine/watching.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

TEST_F(Engine, APipelineThatAnnouncesTheRollbackDoesNotEndItsVerification) {
  watch();
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  EXPECT_TRUE(world.view("r2").is_rollback);
  heal_service();
  world.run(35s);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
}

TEST_F(Engine, ANewerReleaseSupersedesTheWatchedOne) {
  watch();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  fail_service();
  world.run(20s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].release, "r2");
}

TEST_F(Engine, AReleaseWhoseHookIsRunningIsSupersededOnlyWhenTheHookIsBack) {
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::rolling_back);
  world.run(10s);
  EXPECT_EQ(last_decision("r2").brake, Brake::in_flight) << "at most one call in flight for a service and environment";
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(Engine, Fault65TheSameAnnouncementTwiceIsOneReleaseAndAnotherBodyIsAConflict) {
  EXPECT_TRUE(world.announce(shop_release("r1"))->created);
  EXPECT_FALSE(world.announce(shop_release("r1"))->created);
  const auto other = world.announce(shop_release("r1", "v9"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
}

TEST_F(Engine, AnUnmatchedReleaseIsRefusedLoudly) {
  auto spec = shop_release("r1");
  spec.environment = "staging";
  const auto answer = world.announce(spec);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::not_found);
}

TEST_F(Engine, AFreezeRefusesFeaturesAndLetsHotfixesPass) {
  const auto now = world.clock.now().wall;
  world.settings.freezes.push_back({{*model::Matcher::parse("environment=\"production\"")},
                                    model::Span{now - 1h, now + 1h},
                                    {model::ReleaseKind::hotfix},
                                    "launch"});
  world.restart();
  const auto refused = world.announce(shop_release("r1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::locked);
  auto hotfix = shop_release("r2");
  hotfix.kind = model::ReleaseKind::hotfix;
  EXPECT_TRUE(world.announce(hotfix));
}

TEST_F(Engine, Fault44AReleaseThatCouldNotBeRolledBackIsRefusedWhenItIsAnnounced) {
  world.hook->rehearsal = fail(ErrorCode::invalid, "a version must not start with '-'");
  const auto answer = world.announce(shop_release("r1"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid);
}

TEST_F(Engine, ADeployingReleaseIsNotJudgedUntilItIsLive) {
  fail_service();
  auto spec = shop_release("r1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  world.run(30s);
  EXPECT_EQ(world.phase("r1"), Phase::deploying);
  ASSERT_TRUE(world.order(model::Verb::live, "r1"));
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

model::ReleaseSpec deploying(model::ReleaseSpec spec) {
  spec.deploying = true;
  return spec;
}

TEST_F(Engine, AReleaseTakesNobodysPlaceUntilItIsLive) {
  watch();
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  ASSERT_TRUE(world.order(model::Verb::live, "r2"));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(Engine, WhileTheNextOneIsDeployingABreachIsHeldAndWhenThatIsGivenUpItIsRolledBack) {
  watch();
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("r1").brake, Brake::deploying);
  EXPECT_TRUE(world.view("r1").needs_person);
  ASSERT_TRUE(world.order(model::Verb::abort, "r2"));
  world.run(4s);
  EXPECT_TRUE(world.hook->calls.empty()) << "what r2 left behind is not the doing of r1";
  world.restart();
  world.run(5s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].release, "r1");
}

TEST_F(Engine, WhatAReleaseBrokeThatWasGivenUpIsNotTheDoingOfTheOneBefore) {
  watch();
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  fail_service();
  world.run(10s);
  ASSERT_TRUE(world.order(model::Verb::abort, "r2"));
  world.run(3s);
  heal_service();
  world.run(60s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::unverified) << "a breach was seen, and nobody knows whose it was";
}

TEST_F(Engine, LiveIsRefusedWhileTheReleasesOwnSignalHasFailed) {
  model::Rule e2e;
  e2e.slo = "e2e";
  e2e.kind = model::RuleKind::signal;
  e2e.signal = "e2e";
  world.groups[0].rules.push_back(e2e);
  world.restart();
  ASSERT_TRUE(world.announce(deploying(shop_release("r1"))));
  const auto post = [&](bool succeeded) {
    world.guard->signal({"r1", "e2e", {succeeded, "3 of 40", world.clock.now().wall}, {"pipeline"}},
                        [](const auto& view) { EXPECT_TRUE(view.has_value()); });
    world.settle();
  };
  post(false);
  const auto refused = world.order(model::Verb::live, "r1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, testing::HasSubstr(", 3 of 40: do not switch"));
  world.run(10s);
  EXPECT_EQ(world.phase("r1"), Phase::deploying);
  EXPECT_TRUE(world.hook->calls.empty());
  post(true);
  EXPECT_TRUE(world.order(model::Verb::live, "r1"));
}

TEST_F(Engine, OneThatIsSupersededBeforeItCameIsNotSaidToBeGivenUp) {
  watch("r9");  // looked at after r2
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  world.run(1s);
  ASSERT_TRUE(world.announce(shop_release("r3", "v4", "v2")));
  EXPECT_EQ(world.phase("r2"), Phase::superseded);
  for (const auto& event : world.disk.events) EXPECT_EQ(event.message.find("given up"), std::string::npos);
}

TEST_F(Engine, AReleaseThatGoesLiveLeavesTheOneThatWasAnnouncedAfterItToCome) {
  ASSERT_TRUE(world.announce(deploying(shop_release("r1"))));
  world.run(1s);
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  ASSERT_TRUE(world.order(model::Verb::live, "r1"));
  EXPECT_EQ(world.phase("r2"), Phase::deploying);
  ASSERT_TRUE(world.order(model::Verb::live, "r2"));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(Engine, SayingLiveTwiceIsSayingItOnce) {
  ASSERT_TRUE(world.announce(deploying(shop_release("r1"))));
  ASSERT_TRUE(world.order(model::Verb::live, "r1"));
  const auto live_at = world.view("r1").live_at;
  world.run(10s);
  ASSERT_TRUE(world.order(model::Verb::live, "r1"));
  EXPECT_EQ(world.view("r1").live_at, live_at);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
}

TEST_F(Engine, AReleaseThatIsNeverLiveIsToldOfInTimeAlsoWhereTheClockWasSetBack) {
  world.clock.set_wall(24h);
  watch("r1");
  world.clock.set_wall(-24h);
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  world.run(61s);
  EXPECT_THAT(world.view("r2").needs_person, testing::Optional(testing::HasSubstr("still not live")));
}

TEST_F(Engine, AReleaseThatNeverCameDoesNotBarTheRollbackOfTheOneBefore) {
  watch();
  world.run(1s);
  ASSERT_TRUE(world.announce(deploying(shop_release("r2", "v3", "v2"))));
  ASSERT_TRUE(world.order(model::Verb::abort, "r2"));
  ASSERT_TRUE(world.order(model::Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v1");
}

TEST_F(Engine, OnceItsSuccessorIsUndoneAReleaseCanBeRolledBackByHand) {
  watch("r1");
  world.run(1s);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  ASSERT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_FALSE(world.order(model::Verb::rollback, "r1"));
  world.run(7s);
  ASSERT_TRUE(world.order(model::Verb::rollback, "r2"));
  world.run(1s);
  ASSERT_EQ(world.phase("r2"), Phase::verifying) << "what it brought is gone";
  ASSERT_TRUE(world.order(model::Verb::rollback, "r1"));
  world.run(35s);
  ASSERT_EQ(world.hook->calls.size(), 2U);
  EXPECT_EQ(world.hook->calls[1].subject.previous_version, "v1");
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back);
}

TEST_F(Engine, AReleaseThatNeverGoesLiveCallsAPerson) {
  ASSERT_TRUE(world.announce(deploying(shop_release("r1"))));
  world.run(59s);
  EXPECT_EQ(world.view("r1").needs_person, std::nullopt);
  world.run(2s);
  EXPECT_THAT(world.view("r1").needs_person, testing::Optional(testing::HasSubstr("still not live")));
}

TEST_F(Engine, AVersionThatReplacesItselfHasNothingToGoBackTo) {
  ASSERT_TRUE(world.announce(shop_release("r1", "v2", "v2")));
  world.run(7s);
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("r1").brake, Brake::no_previous_version);
}

}  // namespace
}  // namespace guard::test
