// SPDX-License-Identifier: Apache-2.0
#include "guard/api/feed.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using testing::HasSubstr;

TEST(Feed, SaysNothingWhileNothingChanges) {
  EXPECT_EQ(Feed("anna").take(), "");
}

TEST(Feed, NamesEachChangedReleaseOnceHoweverOftenItChanged) {
  Feed feed("anna");
  feed.changed({"r1", "r2"});
  feed.changed({"r1"});
  EXPECT_EQ(feed.take(), "event: changed\ndata: {\"releases\":[\"r1\",\"r2\"],\"more\":false}\n\n");
  EXPECT_EQ(feed.take(), "");
}

TEST(Feed, HoldsABoundedNumberOfNamesAndSaysThatThereAreMore) {
  Feed feed("anna");
  for (int i = 0; i < 100000; ++i) feed.changed({fmt::format("release-{}", i)});
  const auto event = feed.take();
  EXPECT_LT(event.size(), 2048U);
  EXPECT_THAT(event, HasSubstr("\"more\":true"));
  feed.changed({"r1"});
  EXPECT_THAT(feed.take(), HasSubstr("\"more\":false"));
}

TEST(Feed, WakesItsReaderForChangesAndForItsEnd) {
  Feeds feeds;
  const auto feed = *feeds.open("anna");
  int woken = 0;
  feed->on_wake([&] { ++woken; });
  feeds.changed({"r1"});
  EXPECT_EQ(woken, 1);
  feeds.end_all();
  EXPECT_EQ(woken, 2);
  EXPECT_TRUE(feed->ended());
}

TEST(Feed, AReaderThatHasGoneMakesRoomForAnother) {
  Feeds feeds;
  std::vector<std::shared_ptr<Feed>> readers;
  for (const auto* name : {"anna", "ben", "cleo"})
    while (auto feed = feeds.open(name)) readers.push_back(std::move(*feed));
  EXPECT_EQ(readers.size(), 64U);
  EXPECT_EQ(feeds.open("cleo").error().message, "64 pages listen already; close some of them");
  readers.pop_back();
  EXPECT_TRUE(feeds.open("cleo"));
}

TEST(Feed, NobodyKeepsTheOthersOut) {
  Feeds feeds;
  std::vector<std::shared_ptr<Feed>> readers;
  while (auto feed = feeds.open("anna")) readers.push_back(std::move(*feed));
  EXPECT_EQ(feeds.open("anna").error().message, "32 pages listen already with the token of anna; close some of them");
  EXPECT_TRUE(feeds.open("ben"));
}

}  // namespace
}  // namespace guard::api
