// SPDX-License-Identifier: Apache-2.0
//
// What other systems tell of deployments: twice, late, in another order, beside a pipeline that speaks for itself.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using engine::DeploymentEventResult;
using engine::DeploymentState;
using testing::HasSubstr;
using testing::IsEmpty;

class DeploymentEvent : public Engine {
 protected:
  engine::DeploymentEvent news(DeploymentState state, const std::string& id = "d1", const std::string& version = "v2") {
    engine::DeploymentEvent out;
    out.spec = shop_release(id, version, "");
    out.actor = {"GitHub"};
    out.state = state;
    out.at = world.clock.now().wall;
    return out;
  }
  Result<engine::DeploymentEventTaken> take(const engine::DeploymentEvent& told) {
    Result<engine::DeploymentEventTaken> out = fail(ErrorCode::internal, "no answer");
    world.guard->take_event(told, [&](Result<engine::DeploymentEventTaken> taken) { out = std::move(taken); });
    world.settle();
    return out;
  }
  DeploymentEventResult result(const engine::DeploymentEvent& told) {
    const auto taken = take(told);
    EXPECT_TRUE(taken) << taken.error().message;
    return taken ? taken->result : DeploymentEventResult::unchanged;
  }
  std::size_t releases() { return world.guard->releases({}).size(); }
};

TEST_F(DeploymentEvent, AnnouncesSaysLiveAndKnowsWhatWasThereBefore) {
  ASSERT_TRUE(world.announce(shop_release("r1", "v1", "v0")));
  world.run(2s);
  EXPECT_EQ(result(news(DeploymentState::begun)), DeploymentEventResult::announced);
  EXPECT_EQ(world.phase("d1"), Phase::deploying);
  EXPECT_EQ(world.view("d1").spec.previous_version, "v1");
  EXPECT_EQ(world.phase("r1"), Phase::settling) << "it is not live yet";
  world.run(2s);
  const auto live = news(DeploymentState::live);
  EXPECT_EQ(result(live), DeploymentEventResult::live);
  EXPECT_EQ(world.phase("d1"), Phase::settling);
  EXPECT_EQ(world.view("d1").live_at, live.at);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(DeploymentEvent, TheSameAgainAndWhatComesLateChangeNothing) {
  const auto begun = news(DeploymentState::begun);
  const auto live = news(DeploymentState::live);
  EXPECT_EQ(result(live), DeploymentEventResult::announced) << "its beginning was never told";
  EXPECT_EQ(result(live), DeploymentEventResult::unchanged);
  EXPECT_EQ(result(begun), DeploymentEventResult::unchanged);
  EXPECT_EQ(world.phase("d1"), Phase::settling);
  EXPECT_EQ(releases(), 1U);
  world.restart();
  EXPECT_EQ(result(live), DeploymentEventResult::unchanged) << "the next guard knows it too";
}

TEST_F(DeploymentEvent, AFailureAbortsWhatIsDeployingAndNothingElse) {
  EXPECT_EQ(result(news(DeploymentState::begun)), DeploymentEventResult::announced);
  auto failure = news(DeploymentState::failed);
  failure.words = "GitHub says failure";
  EXPECT_EQ(result(failure), DeploymentEventResult::aborted);
  EXPECT_EQ(world.phase("d1"), Phase::aborted);
  EXPECT_THAT(world.view("d1").decisions.back().reason, HasSubstr("by GitHub: GitHub says failure"));
  EXPECT_EQ(result(failure), DeploymentEventResult::unchanged);
  EXPECT_EQ(result(news(DeploymentState::live, "d2", "v3")), DeploymentEventResult::announced);
  EXPECT_EQ(result(news(DeploymentState::failed, "d2", "v3")), DeploymentEventResult::unchanged) << "it is live";
  EXPECT_EQ(world.phase("d2"), Phase::settling);
}

TEST_F(DeploymentEvent, ABeginningThatIsToldAfterTheFailureBeginsNothing) {
  EXPECT_EQ(result(news(DeploymentState::failed)), DeploymentEventResult::aborted);
  EXPECT_EQ(result(news(DeploymentState::begun)), DeploymentEventResult::unchanged);
  EXPECT_EQ(world.phase("d1"), Phase::aborted);
}

TEST_F(DeploymentEvent, WhatWentLiveMeanwhileIsNotReplacedByOldNews) {
  const auto old = news(DeploymentState::live);
  world.run(5s);
  ASSERT_TRUE(world.announce(shop_release("r3", "v3", "v2")));
  const auto taken = take(old);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->result, DeploymentEventResult::unchanged);
  EXPECT_EQ(taken->release, "r3");
  EXPECT_EQ(world.phase("r3"), Phase::settling);
}

TEST_F(DeploymentEvent, OfAReleaseThatItsPipelineAnnouncedThereIsNoSecond) {
  auto deploying = shop_release("r1");
  deploying.deploying = true;
  ASSERT_TRUE(world.announce(deploying));
  EXPECT_EQ(result(news(DeploymentState::begun)), DeploymentEventResult::unchanged);
  EXPECT_EQ(result(news(DeploymentState::failed)), DeploymentEventResult::unchanged)
      << "its own pipeline says what becomes of it";
  EXPECT_EQ(take(news(DeploymentState::live))->release, "r1");
  EXPECT_EQ(world.phase("r1"), Phase::settling);
  EXPECT_EQ(result(news(DeploymentState::live, "d2", "2")), DeploymentEventResult::unchanged)
      << "v2 runs there already";
  EXPECT_EQ(releases(), 1U);
  EXPECT_TRUE(world.order(Verb::live, "r1")) << "the pipeline may say so too";
}

TEST_F(DeploymentEvent, TheDeploymentThatARollbackMakesIsNoRelease) {
  watch();
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  EXPECT_EQ(result(news(DeploymentState::begun, "d2", "v1")), DeploymentEventResult::unchanged);
  EXPECT_EQ(result(news(DeploymentState::live, "d2", "v1")), DeploymentEventResult::unchanged);
  EXPECT_EQ(releases(), 1U);
}

TEST_F(DeploymentEvent, WithoutAVersionBeforeItIsWatchedAndNotRolledBack) {
  EXPECT_EQ(result(news(DeploymentState::live)), DeploymentEventResult::announced);
  EXPECT_THAT(world.view("d1").spec.previous_version, IsEmpty());
  fail_service();
  world.run(20s);
  EXPECT_THAT(world.hook->calls, IsEmpty());
}

TEST_F(DeploymentEvent, AFreezeRefusesThemAsItRefusesAPipeline) {
  const auto now = world.clock.now().wall;
  world.settings.freezes.push_back(
      {{*model::Matcher::parse("service=\"shop\"")}, model::Span{now - 1h, now + 1h}, {}, "the sale"});
  world.restart();
  const auto refused = take(news(DeploymentState::live));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::locked);
  EXPECT_EQ(result(news(DeploymentState::failed)), DeploymentEventResult::unchanged);
  EXPECT_EQ(releases(), 0U);
}

TEST_F(DeploymentEvent, WhatNoRuleGroupMatchesIsSaidToBeSo) {
  auto told = news(DeploymentState::live);
  told.spec.environment = "staging";
  EXPECT_EQ(take(told).error().code, ErrorCode::not_found);
}

TEST_F(DeploymentEvent, NothingIsSaidToBeTakenBeforeItIsDurable) {
  world.disk.full = true;
  const auto taken = take(news(DeploymentState::live));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::unavailable);
  EXPECT_EQ(releases(), 0U);
}

}  // namespace
}  // namespace guard::test
