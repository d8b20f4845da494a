// SPDX-License-Identifier: Apache-2.0
//
// What other systems tell of deployments: twice, late, in another order, beside a pipeline that speaks for itself.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using engine::DeploymentState;
using engine::NewsResult;
using testing::HasSubstr;
using testing::IsEmpty;

class DeploymentNews : public Engine {
 protected:
  engine::DeploymentNews news(DeploymentState state, const std::string& id = "d1", const std::string& version = "v2") {
    engine::DeploymentNews out;
    out.spec = shop_release(id, version, "");
    out.actor = {"GitHub"};
    out.state = state;
    out.at = world.clock.now().wall;
    return out;
  }
  Result<engine::NewsTaken> hear(const engine::DeploymentNews& told) {
    Result<engine::NewsTaken> out = fail(ErrorCode::internal, "no answer");
    world.guard->hear(told, [&](Result<engine::NewsTaken> taken) { out = std::move(taken); });
    world.settle();
    return out;
  }
  NewsResult result(const engine::DeploymentNews& told) {
    const auto taken = hear(told);
    EXPECT_TRUE(taken) << taken.error().message;
    return taken ? taken->result : NewsResult::unchanged;
  }
  std::size_t releases() { return world.guard->releases({}).size(); }
};

TEST_F(DeploymentNews, AnnouncesSaysLiveAndKnowsWhatWasThereBefore) {
  ASSERT_TRUE(world.announce(shop_release("r1", "v1", "v0")));
  world.run(2s);
  EXPECT_EQ(result(news(DeploymentState::begun)), NewsResult::announced);
  EXPECT_EQ(world.phase("d1"), Phase::deploying);
  EXPECT_EQ(world.view("d1").spec.previous_version, "v1");
  EXPECT_EQ(world.phase("r1"), Phase::settling) << "it is not live yet";
  world.run(2s);
  const auto live = news(DeploymentState::live);
  EXPECT_EQ(result(live), NewsResult::live);
  EXPECT_EQ(world.phase("d1"), Phase::settling);
  EXPECT_EQ(world.view("d1").live_at, live.at);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(DeploymentNews, TheSameAgainAndWhatComesLateChangeNothing) {
  const auto begun = news(DeploymentState::begun);
  const auto live = news(DeploymentState::live);
  EXPECT_EQ(result(live), NewsResult::announced) << "its beginning was never told";
  EXPECT_EQ(result(live), NewsResult::unchanged);
  EXPECT_EQ(result(begun), NewsResult::unchanged);
  EXPECT_EQ(world.phase("d1"), Phase::settling);
  EXPECT_EQ(releases(), 1U);
  world.restart();
  EXPECT_EQ(result(live), NewsResult::unchanged) << "the next guard knows it too";
}

TEST_F(DeploymentNews, AFailureAbortsWhatIsDeployingAndNothingElse) {
  EXPECT_EQ(result(news(DeploymentState::begun)), NewsResult::announced);
  auto failure = news(DeploymentState::failed);
  failure.words = "GitHub says failure";
  EXPECT_EQ(result(failure), NewsResult::aborted);
  EXPECT_EQ(world.phase("d1"), Phase::aborted);
  EXPECT_THAT(world.view("d1").decisions.back().reason, HasSubstr("by GitHub: GitHub says failure"));
  EXPECT_EQ(result(failure), NewsResult::unchanged);
  EXPECT_EQ(result(news(DeploymentState::live, "d2", "v3")), NewsResult::announced);
  EXPECT_EQ(result(news(DeploymentState::failed, "d2", "v3")), NewsResult::unchanged) << "it is live";
  EXPECT_EQ(world.phase("d2"), Phase::settling);
}

TEST_F(DeploymentNews, ABeginningThatIsToldAfterTheFailureBeginsNothing) {
  EXPECT_EQ(result(news(DeploymentState::failed)), NewsResult::aborted);
  EXPECT_EQ(result(news(DeploymentState::begun)), NewsResult::unchanged);
  EXPECT_EQ(world.phase("d1"), Phase::aborted);
}

TEST_F(DeploymentNews, WhatWentLiveMeanwhileIsNotReplacedByOldNews) {
  const auto old = news(DeploymentState::live);
  world.run(5s);
  ASSERT_TRUE(world.announce(shop_release("r3", "v3", "v2")));
  const auto taken = hear(old);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->result, NewsResult::unchanged);
  EXPECT_EQ(taken->release, "r3");
  EXPECT_EQ(world.phase("r3"), Phase::settling);
}

TEST_F(DeploymentNews, OfAReleaseThatItsPipelineAnnouncedThereIsNoSecond) {
  auto deploying = shop_release("r1");
  deploying.deploying = true;
  ASSERT_TRUE(world.announce(deploying));
  EXPECT_EQ(result(news(DeploymentState::begun)), NewsResult::unchanged);
  EXPECT_EQ(result(news(DeploymentState::failed)), NewsResult::unchanged) << "its own pipeline says what becomes of it";
  EXPECT_EQ(hear(news(DeploymentState::live))->release, "r1");
  EXPECT_EQ(world.phase("r1"), Phase::settling);
  EXPECT_EQ(result(news(DeploymentState::live, "d2", "2")), NewsResult::unchanged) << "v2 runs there already";
  EXPECT_EQ(releases(), 1U);
  EXPECT_TRUE(world.order(Verb::live, "r1")) << "the pipeline may say so too";
}

TEST_F(DeploymentNews, TheDeploymentThatARollbackMakesIsNoRelease) {
  watch();
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  EXPECT_EQ(result(news(DeploymentState::begun, "d2", "v1")), NewsResult::unchanged);
  EXPECT_EQ(result(news(DeploymentState::live, "d2", "v1")), NewsResult::unchanged);
  EXPECT_EQ(releases(), 1U);
}

TEST_F(DeploymentNews, WithoutAVersionBeforeItIsWatchedAndNotRolledBack) {
  EXPECT_EQ(result(news(DeploymentState::live)), NewsResult::announced);
  EXPECT_THAT(world.view("d1").spec.previous_version, IsEmpty());
  fail_service();
  world.run(20s);
  EXPECT_THAT(world.hook->calls, IsEmpty());
}

TEST_F(DeploymentNews, AFreezeRefusesThemAsItRefusesAPipeline) {
  const auto now = world.clock.now().wall;
  world.settings.freezes.push_back(
      {{*model::Matcher::parse("service=\"shop\"")}, model::Span{now - 1h, now + 1h}, {}, "the sale"});
  world.restart();
  const auto refused = hear(news(DeploymentState::live));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::locked);
  EXPECT_EQ(result(news(DeploymentState::failed)), NewsResult::unchanged);
  EXPECT_EQ(releases(), 0U);
}

TEST_F(DeploymentNews, WhatNoRuleGroupMatchesIsSaidToBeSo) {
  auto told = news(DeploymentState::live);
  told.spec.environment = "staging";
  EXPECT_EQ(hear(told).error().code, ErrorCode::not_found);
}

TEST_F(DeploymentNews, NothingIsSaidToBeTakenBeforeItIsDurable) {
  world.disk.full = true;
  const auto taken = hear(news(DeploymentState::live));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::unavailable);
  EXPECT_EQ(releases(), 0U);
}

}  // namespace
}  // namespace guard::test
