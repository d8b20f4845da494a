// SPDX-License-Identifier: Apache-2.0
//
// Pipelines that name another version to go back to than the one that was live: who decides, and what is said.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

class Replaced : public Engine {
 protected:
  model::ReleaseSpec deploying(const std::string& id, const std::string& version, const std::string& previous) {
    auto spec = shop_release(id, version, previous);
    spec.deploying = true;
    return spec;
  }
  void go_live(const model::ReleaseSpec& spec) {
    ASSERT_TRUE(world.announce(spec));
    if (spec.deploying) {
      ASSERT_TRUE(world.order(model::Verb::live, spec.id));
    }
  }
  void break_it() {
    world.run(7s);
    fail_service();
    world.run(10s);
  }
};

TEST_F(Replaced, TwoPipelinesAtOnceLeaveTheDecisionToAPerson) {
  ASSERT_TRUE(world.announce(deploying("r2", "v2", "v1")));
  ASSERT_TRUE(world.announce(deploying("r3", "v3", "v1")));
  world.run(1s);
  ASSERT_TRUE(world.order(model::Verb::live, "r2"));
  const auto live = world.order(model::Verb::live, "r3");
  ASSERT_TRUE(live);
  EXPECT_THAT(live->reason, HasSubstr("v2 was live in its place before, not v1, which it names to go back to"));
  break_it();
  EXPECT_EQ(world.phase("r3"), Phase::awaiting_approval);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_THAT(last_decision("r3").reason, HasSubstr("; a person decides: v2 was live"));
  ASSERT_TRUE(world.order(model::Verb::approve, "r3"));
  world.run(1s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v1");
}

TEST_F(Replaced, APipelineThatLookedBeforeTheLastReleaseLeavesItToAPersonToo) {
  go_live(shop_release("r2", "v2", "v1"));
  world.run(1s);
  go_live(shop_release("r3", "v3", "v1"));
  break_it();
  EXPECT_EQ(world.phase("r3"), Phase::awaiting_approval);
}

TEST_F(Replaced, AnotherNameOfWhatWasLiveIsSaidAndHoldsNothingBack) {
  go_live(shop_release("r2", "v2", "v1"));
  world.run(1s);
  go_live(shop_release("r3", "v3", "4f1c0de"));
  EXPECT_THAT(world.view("r3").reason, HasSubstr("v2 was live in its place before, not 4f1c0de"));
  break_it();
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Replaced, AfterARollbackTheVersionBeforeIsWhatIsLive) {
  watch();
  fail_service();
  world.run(4s);
  heal_service();
  world.run(40s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  go_live(shop_release("r3", "v3", "v1"));
  EXPECT_THAT(world.view("r3").reason, testing::Not(HasSubstr("was live in its place before")));
}

TEST_F(Replaced, TheSameVersionAgainAndTheFirstReleaseEverReplaceNothingElse) {
  go_live(shop_release("r2", "v2", "v1"));
  EXPECT_THAT(world.view("r2").reason, testing::Not(HasSubstr("was live")));
  world.run(1s);
  go_live(shop_release("r3", "v2", "v1"));
  break_it();
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Replaced, WhatAHookMayOrMayNotHaveDoneIsNotHeldAgainstThePipeline) {
  watch();
  world.hook->results = {AttemptResult::failed};
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  heal_service();
  go_live(shop_release("r3", "v3", "v1"));
  EXPECT_THAT(world.view("r3").reason, testing::Not(HasSubstr("was live in its place before")));
}

TEST_F(Replaced, AVersionThatTheHookDoesNotTakeIsRefusedWhenItIsAnnounced) {
  config::HookSettings hook;
  hook.name = world.groups.front().rollback.hook;
  hook.versions = *model::Matcher::make("version", model::MatchOp::regex, "v[0-9.]+");
  world.settings.hooks.push_back(hook);
  world.restart();
  EXPECT_TRUE(world.announce(shop_release("r1", "v2", "v1")));
  for (const auto& spec : {shop_release("r2", "v3", "v1;touch x"), shop_release("r2", "v3 ", "v1")}) {
    const auto answer = world.announce(spec);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid);
    EXPECT_THAT(answer.error().message, HasSubstr("they match v[0-9.]+"));
  }
}

}  // namespace
}  // namespace guard::test
