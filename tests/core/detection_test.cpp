// SPDX-License-Identifier: Apache-2.0
//
// When another version is taken to run in a place: reading by reading.
#include "guard/core/detection.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class Detection : public testing::Test {
 protected:
  // The version that is known after one more reading, 15 s after the one before.
  std::string after(const Running& running) {
    at_ += 15s;
    if (const auto change = follow(lookout_, running, known_, at_)) {
      last_ = *change;
      known_ = change->version;
      lookout_ = {};
    }
    return known_;
  }
  static RuleGroup group_of(const std::vector<std::string>& match) {
    RuleGroup group;
    for (const auto& text : match) group.match.push_back(*Matcher::parse(text));
    return group;
  }

  std::string known_ = "v1";
  WallTime at_{std::chrono::hours(500000)};
  const WallTime start_ = at_;
  Lookout lookout_;
  VersionChange last_;
};

TEST_F(Detection, AnotherVersionThatTwoReadingsShowIsAChange) {
  EXPECT_EQ(after({{"v1", 3}}), "v1");
  EXPECT_EQ(after({{"v2", 3}}), "v1");
  EXPECT_EQ(after({{"v2", 3}}), "v2");
  EXPECT_EQ(last_, (VersionChange{"v2", start_ + 30s, start_ + 30s}));
}

TEST_F(Detection, WhileBothAreUpTheOldOneStays) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(after({{"v1", 3}, {"v2", 3}}), "v1");
  EXPECT_EQ(after({{"v1", 2}, {"v2", 3}}), "v1");
  EXPECT_EQ(after({{"v2", 3}}), "v2");
  EXPECT_EQ(last_.live_at, start_ + 21 * 15s) << "when it had more than the old one";
  EXPECT_EQ(last_.appeared, start_ + 15s) << "what it broke since then is its own doing";
}

TEST_F(Detection, ACanaryIsNoRelease) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(after({{"v1", 9}, {"v2", 1}}), "v1");
  EXPECT_EQ(after({{"v1", 10}}), "v1");
  EXPECT_EQ(after({{"v1", 4}, {"v2", 6}}), "v1");
  EXPECT_EQ(after({{"v1", 4}, {"v2", 6}}), "v2");
  EXPECT_EQ(last_.appeared, start_ + 22 * 15s) << "the canary before was given up";
}

TEST_F(Detection, OneReadingThatIsTakenBackIsNone) {
  EXPECT_EQ(after({{"v2", 3}}), "v1");
  EXPECT_EQ(after({{"v1", 3}}), "v1");
  EXPECT_EQ(after({{"v2", 3}}), "v1");
  EXPECT_EQ(after({{"v3", 3}}), "v1") << "another one begins anew";
  EXPECT_EQ(after({{"v3", 3}}), "v3");
}

TEST_F(Detection, OfTwoNewOnesWithAsMuchNeitherLeads) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(after({{"v2", 3}, {"v3", 3}}), "v1");
  EXPECT_EQ(leader_of({{"v2", 3}, {"v3", 3}}, ""), std::nullopt);
  EXPECT_EQ(leader_of({{"v0", 3}, {"v1", 3}, {"v3", 3}}, "v3"), "v3");
  EXPECT_EQ(leader_of({}, "v1"), std::nullopt);
}

TEST_F(Detection, ItIsToldAgainUntilItIsKnown) {
  const Running running{{"v2", 3}};
  EXPECT_FALSE(follow(lookout_, running, "v1", at_));
  const auto change = follow(lookout_, running, "v1", at_ + 1s);
  EXPECT_TRUE(change);
  EXPECT_EQ(follow(lookout_, running, "v1", at_ + 2s), change);
  EXPECT_FALSE(follow(lookout_, running, "v2", at_ + 3s));
}

TEST_F(Detection, APlaceIsSaidByLabelsAndElseByTheGroup) {
  const auto group = group_of({R"(service="shop")", R"(environment=~"prod.*")"});
  const auto seen =
      versions_seen(group, {{{{"version", "v1"}, {"environment", "production"}}, 2, at_},
                            {{{"version", "v1"}, {"environment", "production"}, {"pod", "b"}}, 1, at_},
                            {{{"version", "v7"}, {"environment", "production"}, {"service", "till"}}, 1, at_},
                            {{{"version", "v0"}, {"environment", "production"}}, 0, at_}});
  EXPECT_EQ(seen.problem, std::nullopt);
  EXPECT_THAT(seen.places, ElementsAre(Pair(Place{"shop", "production"}, ElementsAre(Pair("v1", 3))),
                                       Pair(Place{"till", "production"}, ElementsAre(Pair("v7", 1)))));
}

TEST_F(Detection, WhatDoesNotSayWhichVersionRunsWhereIsPassedOverAndTold) {
  const auto group = group_of({R"(service="shop")", R"(environment=~"prod.*")"});
  EXPECT_THAT(versions_seen(group, {}).problem, testing::Optional(HasSubstr("no series")));
  EXPECT_THAT(versions_seen(group, {{{{"environment", "production"}}, 1, at_}}).problem,
              testing::Optional(HasSubstr("no label `version`")));
  EXPECT_THAT(versions_seen(group, {{{{"version", "v1"}}, 1, at_}}).problem,
              testing::Optional(HasSubstr("no label `environment`")));
  const auto hostile = versions_seen(group, {{{{"version", "v1\n"}, {"environment", "production"}}, 1, at_}});
  EXPECT_THAT(hostile.problem, testing::Optional(HasSubstr("is no name")));
  EXPECT_THAT(hostile.places, IsEmpty());
}

}  // namespace
}  // namespace guard::core
