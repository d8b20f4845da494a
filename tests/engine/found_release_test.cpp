// SPDX-License-Identifier: Apache-2.0
//
// A version that is found running, beside everything that may account for it.
#include "guard/engine/found_release.hpp"

#include "tests/engine/detecting.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using FoundRelease = Detecting;

TEST_F(FoundRelease, WhatRunsAtFirstIsWhereChangesBegin) {
  run_version("v1");
  EXPECT_THAT(releases(), IsEmpty());
  run_version("v2");
  ASSERT_THAT(releases(), SizeIs(1));
  EXPECT_EQ(found().spec.version, "v2");
  EXPECT_EQ(found().spec.previous_version, "v1");
  EXPECT_EQ(found().spec.kind, model::ReleaseKind::feature);
  EXPECT_EQ(found().phase, Phase::settling);
}

TEST_F(FoundRelease, IsLiveSinceItLedAndIsJudgedAndRolledBackAsAnyOther) {
  run_version("v1");
  show({{"v2", 3}});
  world.run(1s);
  const auto since = world.clock.now().wall;
  world.run(7s);
  EXPECT_EQ(found().live_at, since);
  ASSERT_EQ(found().phase, Phase::watching);
  fail_service();
  world.run(4s);
  ASSERT_THAT(world.hook->calls, SizeIs(1));
  EXPECT_EQ(world.hook->calls[0].subject.previous_version, "v1");
}

TEST_F(FoundRelease, ABreachThatBeganWithItsFirstInstancesIsItsOwn) {
  run_version("v1");
  show({{"v1", 3}, {"v2", 1}});
  world.run(90s);
  show({{"v1", 1}, {"v2", 3}});
  world.run(3s);
  const auto& watch = world.disk.watches.at(found().spec.id);
  EXPECT_LT(watch.switch_began, *watch.live_at - 85s);
}

TEST_F(FoundRelease, TheRollbackOfTheGuardIsNoRelease) {
  run_version("v1");
  run_version("v2");
  world.run(6s);
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_EQ(found().phase, Phase::rolling_back);
  show({{"v1", 3}});
  world.run(4s);
  world.executor->release(engine::Lane::hook);
  heal_service();
  world.run(60s);
  EXPECT_EQ(found().phase, Phase::rolled_back);
  EXPECT_THAT(releases(), SizeIs(1));
  run_version("v2");
  EXPECT_THAT(releases(), SizeIs(2)) << "it is tried again, and watched again";
}

TEST_F(FoundRelease, ARollbackByHandIsOneOfKindRollback) {
  run_version("v1");
  run_version("v2");
  const auto first = found().spec.id;
  run_version("v1");
  ASSERT_THAT(releases(), SizeIs(2));
  EXPECT_EQ(found().spec.kind, model::ReleaseKind::rollback);
  EXPECT_EQ(found().spec.previous_version, "v2");
  EXPECT_TRUE(found().is_rollback);
  EXPECT_EQ(world.phase(first), Phase::superseded);
  fail_service();
  world.run(20s);
  EXPECT_THAT(world.hook->calls, IsEmpty()) << "a rollback is not rolled back";
}

TEST_F(FoundRelease, WhatAPipelineAnnouncedIsNotAnnouncedAgain) {
  run_version("v1");
  auto spec = shop_release("r1", "v2", "v1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  run_version("v2");
  EXPECT_THAT(releases(), SizeIs(1)) << "its pipeline says when it is live";
  ASSERT_TRUE(world.order(Verb::live, "r1"));
  world.run(3s);
  EXPECT_THAT(releases(), SizeIs(1));
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  run_version("3");
  EXPECT_THAT(releases(), SizeIs(2)) << "the v makes no difference";
}

TEST_F(FoundRelease, WhatItsPipelineGaveUpAndYetRunsIsFound) {
  run_version("v1");
  auto spec = shop_release("r1", "v2", "v1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  run_version("v2");
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  world.run(3s);
  EXPECT_EQ(found().spec.version, "v2");
}

TEST_F(FoundRelease, WhatStillRunsWhenAPipelineSaysLiveIsNoNewRelease) {
  run_version("v1");
  show({{"v2", 3}});
  world.run(1s);
  ASSERT_TRUE(world.announce(shop_release("r3", "v3", "v2")));
  world.run(4s);
  EXPECT_THAT(releases(), SizeIs(1)) << "the switch has not been seen yet";
  run_version("v3");
  EXPECT_THAT(releases(), SizeIs(1));
}

TEST_F(FoundRelease, APipelineThatIsLateTakesItOver) {
  run_version("v1");
  run_version("v2");
  const auto before = found();
  world.run(3s);
  engine::Announcement late;
  late.spec = shop_release("r1", "v2", "");
  late.actor = {"pipeline"};
  late.replaces_what_is_live = true;
  Result<engine::Announced> answer = fail(ErrorCode::internal, "no answer");
  world.guard->announce(late, [&](Result<engine::Announced> announced) { answer = std::move(announced); });
  world.settle();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->release.spec.previous_version, "v1");
  EXPECT_EQ(answer->release.live_at, before.live_at);
  EXPECT_EQ(world.phase(before.spec.id), Phase::superseded);
  world.run(4s);
  EXPECT_THAT(releases(), SizeIs(2)) << "and it is not found again";
}

TEST_F(FoundRelease, APipelineThatIsLaterThanItsRollbackIsToldSo) {
  run_version("v1");
  run_version("v2");
  world.run(6s);
  fail_service();
  world.run(4s);
  ASSERT_EQ(found().phase, Phase::verifying);
  const auto refused = world.announce(shop_release("r1", "v2", "v1"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("is rolled back as release detected:"));
}

TEST_F(FoundRelease, AFreezeIsToldAndRefusesNothing) {
  const auto now = world.clock.now().wall;
  world.settings.freezes.push_back(
      {{*model::Matcher::parse("service=\"shop\"")}, model::Span{now - 1h, now + 1h}, {}, "the sale"});
  world.restart();
  run_version("v1");
  run_version("v2");
  EXPECT_EQ(found().phase, Phase::settling);
  EXPECT_THAT(found().unproven, testing::Optional(HasSubstr("the sale")));
  std::vector<std::string> told;
  for (const auto& event : world.disk.events) told.push_back(event.message);
  EXPECT_THAT(told, Contains(HasSubstr("announced all the same")));
}

TEST_F(FoundRelease, WhereItCouldNotBeRolledBackAPersonIsAsked) {
  world.hook->rehearsal = fail(ErrorCode::invalid, "a version must not start with '-'");
  run_version("v1");
  run_version("v2");
  world.run(6s);
  fail_service();
  world.run(4s);
  EXPECT_EQ(found().phase, Phase::awaiting_approval);
  EXPECT_THAT(last_decision(found().spec.id).reason, HasSubstr("a version must not start with '-'"));
  EXPECT_THAT(world.hook->calls, IsEmpty());
}

TEST_F(FoundRelease, TheNextGuardKnowsWhatRanBefore) {
  run_version("v1");
  world.restart();
  run_version("v2");
  ASSERT_THAT(releases(), SizeIs(1)) << "it changed while no guard ran";
  EXPECT_EQ(found().spec.previous_version, "v1");
  world.restart();
  run_version("v2");
  EXPECT_THAT(releases(), SizeIs(1));
}

TEST_F(FoundRelease, NothingIsKnownThatIsNotDurable) {
  run_version("v1");
  world.disk.full = true;
  run_version("v2");
  EXPECT_THAT(releases(), IsEmpty());
  world.disk.full = false;
  world.run(3s);
  EXPECT_THAT(releases(), SizeIs(1)) << "the next reading shows it again";
}

}  // namespace
}  // namespace guard::test
