// SPDX-License-Identifier: Apache-2.0
//
// Rollbacks to a version that a person names, and releases whose previous version the guard knows.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using engine::Lane;
using testing::HasSubstr;

class ChosenVersion : public Engine {
 protected:
  Result<story::ReleaseView> back_to(const std::string& version, const std::string& id = "r1") {
    Result<story::ReleaseView> out = fail(ErrorCode::internal, "no answer");
    world.guard->order({Verb::rollback, id, {"anna"}, "", std::nullopt, version},
                       [&](auto view) { out = std::move(view); });
    world.settle();
    return out;
  }
  Result<engine::Announced> replace(const std::string& id, const std::string& version) {
    Result<engine::Announced> out = fail(ErrorCode::internal, "no answer");
    world.guard->announce({shop_release(id, version, ""), {"pipeline"}, true},
                          [&](auto done) { out = std::move(done); });
    world.settle();
    return out;
  }
  void hook_takes(const char* pattern) {
    config::HookSettings hook;
    hook.name = "promote";
    hook.versions = *model::Matcher::make("version", model::MatchOp::regex, pattern);
    world.settings.hooks = {hook};
    world.restart();
  }
};

TEST_F(ChosenVersion, TheHookGetsItAndItIsWhatRunsThen) {
  watch();
  const auto ordered = back_to("v0.9.3");
  ASSERT_TRUE(ordered) << ordered.error().message;
  EXPECT_EQ(ordered->decisions[0].target, "v0.9.3");
  EXPECT_THAT(ordered->decisions[0].reason, HasSubstr("ordered by anna; back to v0.9.3"));
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].subject.version, "v2");
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v0.9.3");
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  EXPECT_EQ(world.disk.watches.at("r1").subject(world.clock.now()).version, "v0.9.3");
  EXPECT_EQ(replace("r2", "v3")->release.spec.previous_version, "v0.9.3");
}

TEST_F(ChosenVersion, WithoutOneItIsTheVersionBefore) {
  watch();
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  EXPECT_EQ(last_decision("r1").target, "v1");
  EXPECT_EQ(world.hook->calls.at(0).subject.previous_version, "v1");
}

TEST_F(ChosenVersion, IsStoredBeforeTheCallAndIsTheSameForTheNextGuard) {
  watch();
  world.executor->hold(Lane::hook);
  ASSERT_TRUE(back_to("v0.9.3"));
  EXPECT_EQ(world.disk.watches.at("r1").decisions.at(0).target, "v0.9.3");
  world.hook->recovery.reset();  // the call was never begun
  world.restart();
  world.run(2s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v0.9.3");
  EXPECT_EQ(world.hook->calls[0].key, "shop/production/r1/1");
}

TEST_F(ChosenVersion, EveryAttemptGoesToTheSameVersion) {
  watch();
  world.hook->results = {AttemptResult::retry};
  ASSERT_TRUE(back_to("v0.9.3"));
  world.run(10s);
  ASSERT_EQ(world.hook->calls.size(), 2U);
  for (const auto& call : world.hook->calls) EXPECT_EQ(call.subject.previous_version, "v0.9.3");
}

TEST_F(ChosenVersion, ADiskThatIsFullOrdersNothing) {
  watch();
  world.disk.full = true;
  EXPECT_EQ(back_to("v0.9.3").error().code, ErrorCode::unavailable);
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST_F(ChosenVersion, WhatTheHookDoesNotTakeIsRefused) {
  hook_takes("v[0-9.]+");
  watch();
  const auto refused = back_to("v1;reboot");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  EXPECT_THAT(refused.error().message,
              HasSubstr("\"v1;reboot\" is no version that the rollback hook \"promote\" takes"));
  world.hook->rehearsal = fail(ErrorCode::invalid, "a version must not start with '-'");
  EXPECT_THAT(back_to("v0.9").error().message, HasSubstr("could not be rolled back to v0.9: a version must not"));
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::watching);
}

TEST_F(ChosenVersion, TheReleasesOwnVersionIsNoneToGoBackTo) {
  watch();
  EXPECT_EQ(back_to("v2").error().code, ErrorCode::conflict);
}

TEST_F(ChosenVersion, MakesARollbackPossibleWhereNoneWasAnnounced) {
  ASSERT_TRUE(world.announce(shop_release("r1", "v2", "")));
  EXPECT_FALSE(world.order(Verb::rollback, "r1"));
  EXPECT_TRUE(back_to("v0.9.3"));
  EXPECT_EQ(world.hook->calls.at(0).subject.previous_version, "v0.9.3");
}

TEST_F(ChosenVersion, AnUnknownOutcomeIsOnlyOrderedAgain) {
  watch();
  world.hook->results = {AttemptResult::unknown};
  ASSERT_TRUE(back_to("v0.9.3"));
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  const auto other = back_to("v0.9.2");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
  EXPECT_THAT(other.error().message, HasSubstr("nobody knows whether the rollback to v0.9.3 was done"));
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(world.hook->calls.size(), 2U);
  EXPECT_EQ(world.hook->calls[1].key, world.hook->calls[0].key);
  EXPECT_EQ(world.hook->calls[1].subject.previous_version, "v0.9.3");
}

TEST_F(ChosenVersion, AfterOneThatFailedAnotherMayBeChosen) {
  watch();
  world.hook->results = {AttemptResult::failed};
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  ASSERT_TRUE(back_to("v0.9.3"));
  EXPECT_EQ(world.hook->calls.at(1).subject.previous_version, "v0.9.3");
  EXPECT_NE(world.hook->calls[1].key, world.hook->calls[0].key);
}

TEST_F(ChosenVersion, TheLastGoodVersionIsToldWithTheRelease) {
  heal_service();
  ASSERT_TRUE(world.announce(shop_release("r0", "v1", "v0")));
  world.run(65s);
  ASSERT_EQ(world.phase("r0"), Phase::passed);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  ASSERT_TRUE(world.view("r1").last_good);
  EXPECT_EQ(world.view("r1").last_good->version, "v1");
  EXPECT_EQ(world.view("r1").last_good->release, "r0");
  EXPECT_FALSE(world.view("r0").last_good);
}

TEST_F(ChosenVersion, APreviousVersionThatIsNotNamedIsWhatIsLive) {
  watch();
  const auto taken = replace("r2", "v3");
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->release.spec.previous_version, "v2");
  const auto again = replace("r2", "v3");
  ASSERT_TRUE(again) << "it is the same announcement, though now it is live itself";
  EXPECT_FALSE(again->created);
  EXPECT_EQ(again->release.spec.previous_version, "v2");
}

TEST_F(ChosenVersion, WhereNothingIsKnownToBeLiveItMustBeNamed) {
  const auto refused = replace("r1", "v2");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  EXPECT_THAT(refused.error().message, HasSubstr("the guard does not know what is live of shop in production"));
}

}  // namespace
}  // namespace guard::test
