// SPDX-License-Identifier: Apache-2.0
//
// What a version must have shown in another environment before it is announced.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

class StagingFirst : public Engine {
 protected:
  void require(model::UnmetAction action = model::UnmetAction::refuse) {
    auto staging = shop_group();
    staging.name = "staging";
    staging.match = {*model::Matcher::parse("environment=staging")};
    staging.rules[0].on_no_data = model::MissingPolicy::ignore;
    world.groups.push_back(staging);
    world.groups[0].requirement = model::Requirement{"staging", 1h, action, {model::ReleaseKind::rollback}};
    world.restart();
  }
  static model::ReleaseSpec to_staging(const std::string& id, const std::string& version) {
    auto spec = shop_release(id, version, "v1");
    spec.environment = "staging";
    return spec;
  }
};

TEST_F(StagingFirst, AVersionThatHasNotPassedThereIsRefused) {
  require();
  const auto refused = world.announce(shop_release("r1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(refused.error().message,
            "rule group shop-production requires that a version has passed in staging first: no release of v2 to "
            "staging is known; "
            "release it to staging first");
}

TEST_F(StagingFirst, AVersionThatPassedAndStoodThereIsTaken) {
  require();
  heal_service();
  ASSERT_TRUE(world.announce(to_staging("s1", "v2")));
  world.run(65s);
  ASSERT_EQ(world.phase("s1"), Phase::passed);
  EXPECT_THAT(world.announce(shop_release("r1")).error().message, HasSubstr("it must be 1h"));
  world.clock.step(1h);
  world.restart();
  EXPECT_TRUE(world.announce(shop_release("r1")));
  EXPECT_EQ(world.view("r1").unproven, std::nullopt);
}

TEST_F(StagingFirst, WhereItOnlyWarnsTheReleaseSaysWhatWasNotShown) {
  require(model::UnmetAction::warn);
  ASSERT_TRUE(world.announce(shop_release("r1")));
  EXPECT_THAT(world.view("r1").unproven, testing::Optional(HasSubstr("no release of v2 to staging is known")));
  world.restart();
  EXPECT_TRUE(world.view("r1").unproven);
}

TEST_F(StagingFirst, WhatGoesBackIsNotAsked) {
  require();
  auto rollback = shop_release("r1");
  rollback.kind = model::ReleaseKind::rollback;
  EXPECT_TRUE(world.announce(rollback));
  auto hotfix = shop_release("r2", "v3", "v2");
  hotfix.kind = model::ReleaseKind::hotfix;
  EXPECT_FALSE(world.announce(hotfix)) << "unless `allow` names them";
}

}  // namespace
}  // namespace guard::test
