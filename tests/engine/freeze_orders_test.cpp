// SPDX-License-Identifier: Apache-2.0
//
// Freezes that stand in the configuration, that people begin, and that releases begin by going live.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using model::Change;
using model::ReleaseKind;
using testing::HasSubstr;
using testing::IsEmpty;

class Freezing : public Engine {
 protected:
  void freeze_after(std::vector<Change> after) {
    world.groups[0].freeze = model::FreezePolicy{24h, std::move(after), model::allowed_in_freezes};
    world.restart();
  }
  // In what the guard refuses with it; empty: it takes the release.
  std::string refused(const std::string& id, ReleaseKind kind = ReleaseKind::feature, const std::string& version = "v9",
                      const std::string& previous = "v8") {
    auto spec = shop_release(id, version, previous);
    spec.kind = kind;
    const auto answer = world.announce(spec);
    if (answer) return "";
    EXPECT_EQ(answer.error().code, ErrorCode::locked) << answer.error().message;
    return answer.error().message;
  }
  Result<engine::Frozen> begin(const std::string& id, Duration lasts, const std::string& reason = "the sale") {
    model::Freeze freeze{model::FreezeOrigin::ordered,
                         id,
                         {*model::Matcher::parse("environment=production")},
                         {{}, now() + lasts},
                         model::allowed_in_freezes,
                         reason,
                         "kim"};
    Result<engine::Frozen> out = fail(ErrorCode::internal, "no answer");
    world.guard->begin_freeze(freeze, [&](auto frozen) { out = std::move(frozen); });
    world.settle();
    return out;
  }
  Result<model::Freeze> end(const std::string& id) {
    Result<model::Freeze> out = fail(ErrorCode::internal, "no answer");
    world.guard->end_freeze({id, {"kim"}, "sold out"}, [&](auto freeze) { out = std::move(freeze); });
    world.settle();
    return out;
  }
  WallTime now() const { return world.clock.now().wall; }
};

TEST_F(Freezing, TheFirstReleaseOfAPlaceBeginsOneThatEndsByItself) {
  freeze_after({Change::first});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.0.0", "v0.9.3")));
  EXPECT_THAT(refused("r2"),
              HasSubstr("1d after shop v1.0.0 went live in production, the first release that is known"));
  EXPECT_THAT(refused("r2"), HasSubstr("hotfix and rollback may be released all the same"));
  world.clock.step(24h);
  EXPECT_EQ(refused("r2"), "");
  EXPECT_THAT(world.guard->freezes(), IsEmpty()) << "it was not the first";
}

TEST_F(Freezing, AHotfixPassesAndHasRules) {
  freeze_after({Change::first});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.0.0", "v0.9.3")));
  EXPECT_EQ(refused("r2", ReleaseKind::hotfix, "v1.0.1", "v1.0.0"), "");
  world.run(7s);
  EXPECT_EQ(world.phase("r2"), Phase::watching);
  EXPECT_NE(refused("r3"), "") << "the freeze is the place's, also once another release is live there";
}

TEST_F(Freezing, EndsWithTheRollbackOfTheReleaseThatBeganIt) {
  freeze_after({Change::first});
  watch();
  fail_service();
  world.run(2s);
  EXPECT_NE(refused("r2"), "");
  world.run(2s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  EXPECT_THAT(world.guard->freezes(), IsEmpty());
}

TEST_F(Freezing, ARollbackPassesWhateverItIsCalled) {
  freeze_after({Change::first});
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  EXPECT_EQ(refused("r2", ReleaseKind::feature, "v1", "v2"), "") << "it puts back what r1 replaced";
}

TEST_F(Freezing, BeginsAfterTheChangesThatTheGroupNames) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.1.0", "v1.0.0")));
  EXPECT_THAT(world.guard->freezes(), IsEmpty());
  ASSERT_TRUE(world.announce(shop_release("r2", "v2.0.0", "v1.1.0")));
  EXPECT_THAT(refused("r3"), HasSubstr("a major change from v1.1.0"));
}

TEST_F(Freezing, GoesByWhatWasLiveWhereThePipelineNamesACommit) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v0.9.3", "v0.9.2")));
  ASSERT_TRUE(world.announce(shop_release("r2", "v1.0.0", "4f1c0de")));
  EXPECT_THAT(refused("r3"), HasSubstr("a major change from v0.9.3"));
}

TEST_F(Freezing, BeginsAfterTheGoLiveAlsoWhereThePipelineNamesACommitBeforeIt) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.0.0", "4f1c0de")));
  EXPECT_THAT(refused("r2"), HasSubstr("a major change by its number"));
}

TEST_F(Freezing, BeginsAfterTheGoLiveAlsoWhereNothingWasBeforeIt) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.0.0", "")));
  EXPECT_THAT(refused("r2"), HasSubstr("a major change by its number"));
}

TEST_F(Freezing, BeginsAnewWhereAGoLiveThatWasTakenBackIsTriedAgain) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.0.0", "4f1c0de")));
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(90s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  ASSERT_TRUE(world.announce(shop_release("r2", "v1.0.0", "4f1c0de")));
  EXPECT_THAT(refused("r3"), HasSubstr("a major change by its number"));
}

TEST_F(Freezing, DoesNotTakeWhatGoesBackForAMajorChange) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v2.1.0", "v2.0.0")));
  ASSERT_TRUE(world.announce(shop_release("r2", "v2.0.0", "4f1c0de")));
  EXPECT_THAT(world.guard->freezes(), IsEmpty());
}

TEST_F(Freezing, SaysWhereItCannotTellHowMuchChanges) {
  freeze_after({Change::major});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.2.0", "4f1c0de")));
  EXPECT_THAT(world.guard->freezes(), IsEmpty());
  const auto told = std::ranges::any_of(world.disk.events, [](const auto& event) {
    return event.message == "no freeze begins: v1.2.0 is no later semantic version than 4f1c0de";
  });
  EXPECT_TRUE(told);
}

TEST_F(Freezing, OutlivesTheGuard) {
  freeze_after({Change::first});
  ASSERT_TRUE(world.announce(shop_release("r1", "v1.0.0", "v0.9.3")));
  ASSERT_TRUE(begin("f1", 48h));
  world.restart();
  EXPECT_EQ(world.guard->freezes().size(), 2U);
  EXPECT_NE(refused("r2"), "");
}

TEST_F(Freezing, LiveIsRefusedAfterOneThatBeganMeanwhileButForKindsThatPass) {
  auto hotfix = shop_release("r2", "v3", "v2");
  hotfix.deploying = true;
  hotfix.kind = ReleaseKind::hotfix;
  ASSERT_TRUE(world.announce(hotfix));
  auto spec = shop_release("r1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  world.run(1s);
  ASSERT_TRUE(begin("f1", 1h));
  const auto live = world.order(Verb::live, "r1");
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().code, ErrorCode::locked);
  EXPECT_THAT(live.error().message, HasSubstr("the sale"));
  EXPECT_THAT(live.error().message, HasSubstr("do not switch, and abort the release"));
  EXPECT_EQ(world.phase("r1"), Phase::deploying);
  EXPECT_TRUE(world.order(Verb::live, "r2"));
  ASSERT_TRUE(end("f1"));
  EXPECT_TRUE(world.order(Verb::live, "r1"));
}

TEST_F(Freezing, WhatWasLiveBeforeItBeganIsTakenAsLive) {
  auto spec = shop_release("r1");
  spec.deploying = true;
  ASSERT_TRUE(world.announce(spec));
  const auto switched = now();
  world.run(5s);
  ASSERT_TRUE(begin("f1", 1h));
  Result<story::ReleaseView> out = fail(ErrorCode::internal, "no answer");
  world.guard->order({Verb::live, "r1", {"pipeline"}, "", switched}, [&](auto view) { out = std::move(view); });
  world.settle();
  EXPECT_TRUE(out) << out.error().message;
}

TEST_F(Freezing, APersonBeginsOneOnceAndEndsIt) {
  EXPECT_TRUE(begin("f1", 1h)->created);
  EXPECT_FALSE(begin("f1", 1h)->created);
  EXPECT_EQ(begin("f1", 2h).error().code, ErrorCode::conflict);
  EXPECT_EQ(begin("f2", -1h).error().code, ErrorCode::invalid);
  EXPECT_THAT(refused("r1"), HasSubstr("the sale"));
  world.run(5s);
  ASSERT_TRUE(end("f1"));
  EXPECT_EQ(end("f1").error().code, ErrorCode::conflict);
  EXPECT_EQ(end("f2").error().code, ErrorCode::not_found);
  EXPECT_EQ(refused("r1"), "");
  EXPECT_EQ(begin("r1", 1h).error().code, ErrorCode::conflict) << "a release has this id";
}

TEST_F(Freezing, AScriptThatHasGoneWildBeginsNoMoreThanAHundred) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(begin("f" + std::to_string(i), 1h));
  EXPECT_EQ(begin("f100", 1h).error().code, ErrorCode::conflict);
  ASSERT_TRUE(end("f0"));
  EXPECT_TRUE(begin("f100", 1h));
}

TEST_F(Freezing, TheOneOfAReleaseIsEndedByItsIdAndTheTimelineSaysSo) {
  freeze_after({Change::first});
  watch();
  ASSERT_TRUE(end("r1"));
  world.restart();
  EXPECT_THAT(world.guard->freezes(), IsEmpty());
  const auto told = std::ranges::any_of(world.disk.events, [](const auto& event) {
    return event.message == "the freeze that it began was ended by kim: sold out";
  });
  EXPECT_TRUE(told);
}

TEST_F(Freezing, NothingIsFrozenThatCouldNotBeStored) {
  world.disk.full = true;
  EXPECT_EQ(begin("f1", 1h).error().code, ErrorCode::unavailable);
  EXPECT_THAT(world.guard->freezes(), IsEmpty());
  world.disk.full = false;
  EXPECT_EQ(refused("r1"), "");
}

TEST_F(Freezing, EachIsOrderedBeforeWhatFollowsItIntoTheSameCommit) {
  world.executor->hold(engine::Lane::journal);
  std::vector<std::string> answers;
  world.guard->announce({shop_release("r1"), {"pipeline"}},
                        [&](const auto& done) { answers.push_back(done ? "r1" : "no"); });
  const model::Freeze freeze{model::FreezeOrigin::ordered,
                             "f1",
                             {*model::Matcher::parse("service=shop")},
                             {{}, now() + 1h},
                             {},
                             "the sale",
                             "kim"};
  world.guard->begin_freeze(freeze, [&](const auto& done) { answers.push_back(done ? "f1" : "no"); });
  world.guard->announce({shop_release("r2", "v3", "v2"), {"pipeline"}},
                        [&](const auto& done) { answers.push_back(done ? "r2" : "refused"); });
  world.executor->release(engine::Lane::journal);
  world.settle();
  EXPECT_THAT(answers, testing::UnorderedElementsAre("r1", "f1", "refused"));
}

TEST_F(Freezing, APartOfEveryWeekIsFrozenWheneverItComes) {
  // The world begins on a Friday at 08:00 UTC.
  world.settings.freezes = {{{*model::Matcher::parse("service=shop")},
                             config::Weekly{*model::parse_week_part("fri 09:00 - fri 10:00"), *TimeZone::load("UTC")},
                             {},
                             "the weekly sale"}};
  world.restart();
  EXPECT_EQ(refused("r1"), "");
  for (int week = 0; week < 2; ++week) {
    world.clock.step(1h);
    EXPECT_THAT(refused("r2"), HasSubstr("the weekly sale"));
    world.clock.step(7 * 24h - 1h);
  }
}

}  // namespace
}  // namespace guard::test
