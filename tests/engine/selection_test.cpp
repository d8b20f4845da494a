// SPDX-License-Identifier: Apache-2.0
//
// Which release speaks for its place in the metrics.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

class Speaking : public Engine {
 protected:
  std::vector<std::string> speak() {
    std::vector<std::string> ids;
    for (const auto& view : world.guard->speaking_for_places()()) ids.push_back(view.spec.id);
    return ids;
  }
  void announce_deploying(const std::string& id) {
    auto spec = shop_release(id, "v3", "v2");
    spec.deploying = true;
    ASSERT_TRUE(world.announce(spec));
  }
};

TEST_F(Speaking, AnAnnouncementThatWasAbortedBeforeItCameDoesNotSpeakForItsPlace) {
  watch();
  world.clock.step(1s);
  announce_deploying("r2");
  EXPECT_THAT(speak(), testing::ElementsAre("r2"));
  ASSERT_TRUE(world.order(Verb::abort, "r2"));
  EXPECT_THAT(speak(), testing::ElementsAre("r1")) << "it is the one that is live";
}

TEST_F(Speaking, WhereNothingElseEverCameItDoes) {
  announce_deploying("r1");
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  EXPECT_THAT(speak(), testing::ElementsAre("r1"));
  world.clock.step(1s);
  announce_deploying("a-later-one");
  ASSERT_TRUE(world.order(Verb::abort, "a-later-one"));
  EXPECT_THAT(speak(), testing::ElementsAre("a-later-one")) << "the newest of them";
}

}  // namespace
}  // namespace guard::test
