// SPDX-License-Identifier: Apache-2.0
//
// Which release speaks for its place in the metrics, and which ones a list shows.
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
  ASSERT_TRUE(world.order(model::Verb::abort, "r2"));
  EXPECT_THAT(speak(), testing::ElementsAre("r1")) << "it is the one that is live";
}

TEST_F(Speaking, WhereNothingElseEverCameItDoes) {
  announce_deploying("r1");
  ASSERT_TRUE(world.order(model::Verb::abort, "r1"));
  EXPECT_THAT(speak(), testing::ElementsAre("r1"));
  world.clock.step(1s);
  announce_deploying("a-later-one");
  ASSERT_TRUE(world.order(model::Verb::abort, "a-later-one"));
  EXPECT_THAT(speak(), testing::ElementsAre("a-later-one")) << "the newest of them";
}

class Listing : public Engine {
 protected:
  Listing() {
    watch();
    world.clock.step(1s);
    auto spec = shop_release("r2", "v3", "v2");
    spec.deploying = true;
    EXPECT_TRUE(world.announce(spec));
    EXPECT_TRUE(world.order(model::Verb::abort, "r2"));
  }
  std::vector<std::string> listed(const engine::ReleaseFilter& filter) {
    std::vector<std::string> ids;
    for (const auto& view : world.guard->releases(filter)) ids.push_back(view.spec.id);
    return ids;
  }
};

TEST_F(Listing, IsOfThePhasesThatAreAskedFor) {
  engine::ReleaseFilter filter;
  EXPECT_THAT(listed(filter), testing::ElementsAre("r2", "r1"));
  filter.phases = {model::Phase::aborted, model::Phase::passed};
  EXPECT_THAT(listed(filter), testing::ElementsAre("r2"));
  filter.places.environment = "elsewhere";
  EXPECT_THAT(listed(filter), testing::IsEmpty());
}

TEST_F(Listing, IsOfOnePlaceOrOfWhatIsOpenThere) {
  engine::ReleaseFilter filter;
  filter.places.service = "shop";
  filter.places.environment = "production";
  EXPECT_THAT(listed(filter), testing::ElementsAre("r2", "r1"));
  filter.open_only = true;
  EXPECT_THAT(listed(filter), testing::ElementsAre("r1"));
  filter.places.service = "cart";
  EXPECT_THAT(listed(filter), testing::IsEmpty());
}

TEST_F(Listing, EndsWhereEnoughIsShown) {
  engine::ReleaseFilter filter;
  filter.limit = 1;
  EXPECT_THAT(listed(filter), testing::ElementsAre("r2"));
}

TEST_F(Listing, EnvironmentsAreNamedOnce) {
  EXPECT_THAT(world.guard->environments(), testing::ElementsAre("production"));
}

}  // namespace
}  // namespace guard::test
