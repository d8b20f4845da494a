// SPDX-License-Identifier: Apache-2.0
//
// A rule group that requires a preflight which passed not long ago: what is refused without it, and until when it
// counts.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class PreflightFirst : public Engine {
 protected:
  void SetUp() override { require(); }
  void require(model::UnmetAction action = model::UnmetAction::refuse) {
    world.groups[0].window = 3h;
    world.groups[0].requirement = model::Requirement{"", Duration{0}, action, {model::ReleaseKind::rollback}, 1h};
    world.restart();
  }
  // Runs one; whether nothing failed in it.
  bool preflight(bool acts = true) {
    std::optional<story::PreflightView> told;
    world.guard->preflight({shop_release("", "v2", ""), acts, false}, [&](auto view) { told = std::move(*view); });
    world.settle();
    if (!told) world.run(13s);  // the test alert does not come back
    for (const auto& check : told->checks) EXPECT_NE(check.name, "preflight") << "it need not have passed before";
    return told->state != "failed";
  }
  std::string refusal() {
    const auto taken = world.announce(shop_release("r1"));
    return taken ? "" : taken.error().message;
  }
  static model::ReleaseSpec deploying(const std::string& id) {
    auto spec = shop_release(id);
    spec.deploying = true;
    return spec;
  }
};

TEST_F(PreflightFirst, WithoutOneAReleaseIsRefused) {
  EXPECT_EQ(
      refusal(),
      "rule group shop-production requires a preflight that passed within 1h: none of shop in production is known "
      "since this guard was started; run release-guard preflight --service shop --environment production "
      "--version v2");
  EXPECT_EQ(world.announce(shop_release("r1")).error().code, ErrorCode::conflict);
}

TEST_F(PreflightFirst, AfterOneItIsTakenForAsLongAsItCounts) {
  ASSERT_TRUE(preflight());
  world.clock.step(59min);
  EXPECT_EQ(refusal(), "");
  world.clock.step(2min);
  EXPECT_THAT(world.announce(shop_release("r2", "v3", "v2")).error().message, HasSubstr("the last one passed 1h"));
}

TEST_F(PreflightFirst, ALookTriesNothingOutAndDoesNotCount) {
  ASSERT_TRUE(preflight(false));
  EXPECT_THAT(refusal(), HasSubstr("none of shop in production is known"));
}

TEST_F(PreflightFirst, OneThatFailedRefuses) {
  ASSERT_TRUE(preflight());
  world.hook->trial = fail(ErrorCode::internal, "exit 4: no such image");
  ASSERT_FALSE(preflight());
  EXPECT_THAT(refusal(), HasSubstr("failed; mend what it found"));
}

TEST_F(PreflightFirst, ItIsForgottenWithTheGuardThatRanIt) {
  ASSERT_TRUE(preflight());
  world.restart();
  EXPECT_THAT(refusal(), HasSubstr("is known since this guard was started"));
}

TEST_F(PreflightFirst, LiveIsRefusedAfterADeploymentThatTookLongerAndTakenAfterAnother) {
  ASSERT_TRUE(preflight());
  ASSERT_TRUE(world.announce(deploying("r1")));
  world.clock.step(61min);
  const auto refused = world.order(Verb::live, "r1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("has been deploying for 1h1m"));
  EXPECT_EQ(world.phase("r1"), Phase::deploying);
  ASSERT_TRUE(preflight());
  EXPECT_TRUE(world.order(Verb::live, "r1"));
}

TEST_F(PreflightFirst, ASwitchThatTakesItsTimeNeedsNoOther) {
  ASSERT_TRUE(preflight());
  world.clock.step(59min);
  ASSERT_TRUE(world.announce(deploying("r1")));
  world.clock.step(30min);
  world.restart();
  EXPECT_TRUE(world.order(Verb::live, "r1")) << "also where the guard was restarted meanwhile";
}

TEST_F(PreflightFirst, WhereItOnlyWarnsTheReleaseSaysSo) {
  require(model::UnmetAction::warn);
  ASSERT_EQ(refusal(), "");
  EXPECT_THAT(world.view("r1").unproven, testing::Optional(StartsWith("none of shop in production is known")));
}

TEST_F(PreflightFirst, WhatGoesBackIsNotAsked) {
  auto rollback = shop_release("r1");
  rollback.kind = model::ReleaseKind::rollback;
  EXPECT_TRUE(world.announce(rollback));
}

TEST_F(PreflightFirst, TheGateSaysItToo) {
  const auto line = [&] {
    std::vector<model::Check> found;
    world.guard->gate({"shop", "production", "v2", {}, false}, [&](auto checks) { found = *checks; });
    world.settle();
    for (const auto& check : found)
      if (check.name == "preflight") return check;
    return model::Check{};
  };
  EXPECT_EQ(line().state, model::CheckState::failed);
  ASSERT_TRUE(preflight());
  EXPECT_EQ(line().state, model::CheckState::passed);
}

}  // namespace
}  // namespace guard::test
