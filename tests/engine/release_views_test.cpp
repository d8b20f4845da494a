// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/release_views.hpp"

#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::ElementsAre;

class ReleaseViews : public Engine {
 protected:
  static std::vector<std::string> ids(const std::vector<story::ReleaseView>& views) {
    std::vector<std::string> out;
    for (const auto& view : views) out.push_back(view.spec.id);
    return out;
  }
};

TEST_F(ReleaseViews, NobodyIsShownAReleaseThatIsNotThere) {
  const auto none = world.guard->release("r9");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  EXPECT_EQ(none.error().message, "there is no release \"r9\"");
}

TEST_F(ReleaseViews, WhatSpeaksForAPlaceIsOfTheMomentItWasAskedFor) {
  watch();
  const auto views = world.guard->speaking_for_places();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_THAT(ids(views()), ElementsAre("r1"));
  EXPECT_THAT(ids(world.guard->speaking_for_places()()), ElementsAre("r2"));
}

TEST_F(ReleaseViews, AReleaseIsCurrentForAWhileAfterItsEnd) {
  watch();
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  EXPECT_THAT(ids(world.guard->current(10s)), ElementsAre("r1"));
  world.run(11s);
  EXPECT_THAT(ids(world.guard->current(10s)), ElementsAre());
}

}  // namespace
}  // namespace guard::test
