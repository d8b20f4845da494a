// SPDX-License-Identifier: Apache-2.0
//
// How what runs is asked for: beside the releases, few at once, and what it means that nobody can tell.
#include "guard/engine/detector.hpp"

#include "tests/engine/detecting.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Detector : public Detecting {
 protected:
  std::vector<std::string> problems() { return world.guard->health().problems; }
  std::size_t logged(const std::string& what) {
    return static_cast<std::size_t>(
        std::ranges::count_if(world.lines, [&](const auto& line) { return line.find(what) != std::string::npos; }));
  }
};

TEST_F(Detector, AReadingThatTellsNothingChangesNothing) {
  run_version("v1");
  world.metrics->now[versions] =
      std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  world.run(5s);
  world.metrics->now[versions] = std::vector<model::Sample>{};
  world.run(5s);
  EXPECT_THAT(releases(), IsEmpty());
  show({{"v2", 3}});
  world.run(1s);
  world.metrics->now[versions] =
      std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  world.run(5s);
  EXPECT_THAT(releases(), IsEmpty()) << "one reading is not two";
  show({{"v2", 3}});
  world.run(1s);
  EXPECT_THAT(releases(), SizeIs(1)) << "what came between told nothing";
}

TEST_F(Detector, SaysOnceThatNobodyCanTellAndThatItIsOver) {
  EXPECT_THAT(problems(), IsEmpty());
  world.run(5s);
  ASSERT_THAT(problems(), SizeIs(1));
  EXPECT_THAT(problems()[0], HasSubstr("what runs of rule group \"shop-production\" cannot be told"));
  EXPECT_EQ(logged("nobody can tell what runs"), 1U);
  run_version("v1");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_EQ(logged("what runs can be told again"), 1U);
}

TEST_F(Detector, TheLoopSleepsNoLongerThanUntilTheNextQuestion) {
  world.groups[0].interval = 500ms;
  world.restart();
  run_version("v1");
  const auto now = world.clock.now().mono;
  EXPECT_LE(world.guard->tick(), now + world.groups[0].interval);
}

TEST_F(Detector, SomethingThatFlickersIsNoRelease) {
  run_version("v1");
  for (int i = 0; i < 10; ++i) {
    show({{"v2", 3}});
    world.run(1s);
    show({{"v1", 3}});
    world.run(1s);
  }
  EXPECT_THAT(releases(), IsEmpty());
}

TEST_F(Detector, ASlowServerHoldsUpNoReleaseAndFewQuestionsWait) {
  for (int i = 0; i < 20; ++i) {
    auto group = shop_group();
    group.name = "other" + std::to_string(i);
    group.detect = versions;
    world.groups.push_back(group);
  }
  world.restart();
  watch();
  world.executor->hold(engine::Lane::past);
  world.run(8s);
  EXPECT_EQ(world.executor->waiting(engine::Lane::past), engine::detections_at_once);
  fail_service();
  world.run(4s);
  EXPECT_THAT(world.hook->calls, SizeIs(1));
}

TEST_F(Detector, WhatAnotherGroupWatchesIsThatOnesToFind) {
  auto other = shop_group();
  other.name = "other";
  other.detect = "what the other one shows";
  world.groups.push_back(other);
  world.restart();
  world.metrics->now[other.detect] =
      std::vector<model::Sample>{{{{"version", "v9"}, {"environment", "production"}}, 9, {}}};
  run_version("v1");
  run_version("v2");
  ASSERT_THAT(releases(), SizeIs(1));
  EXPECT_EQ(found().spec.version, "v2");
}

TEST_F(Detector, AReloadThatTakesItAwayEndsIt) {
  world.run(2s);
  ASSERT_THAT(problems(), SizeIs(1));
  world.groups[0].detect.clear();
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.settle();
  world.run(2s);
  EXPECT_THAT(problems(), IsEmpty());
}

}  // namespace
}  // namespace guard::test
