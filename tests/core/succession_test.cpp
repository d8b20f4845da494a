// SPDX-License-Identifier: Apache-2.0
//
// How the releases of one place follow one another: what a new one supersedes, settles and replaces.
#include "guard/core/succession.hpp"

#include "guard/core/judge.hpp"
#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A fleet of releases of the shop in production, each announced a minute after the one before it.
class Succession : public testing::Test {
 protected:
  Watch& add(const std::string& id, const std::string& version, const std::string& previous) {
    auto watch = shop_watch();
    watch.spec.id = id;
    watch.spec.version = version;
    watch.spec.previous_version = previous;
    watch.phase = Phase::watching;
    watch.announced_at = moment(std::chrono::minutes(++announced_)).wall;
    watch.live_at = watch.announced_at;
    watches_.push_back(std::make_shared<Watch>(std::move(watch)));
    fleet_.put(watches_.back());
    return *watches_.back();
  }
  // As it is after its rollback.
  static void roll_back(Watch& watch, CallState state) {
    Decision decision;
    decision.kind = DecisionKind::rollback;
    decision.state = state;
    decision.target = watch.spec.previous_version;
    decision.attempts.emplace_back();
    watch.decisions.push_back(decision);
    watch.phase = state == CallState::calling ? Phase::rolling_back : Phase::rolled_back;
  }

  Fleet fleet_;

 private:
  std::vector<std::shared_ptr<Watch>> watches_;
  int announced_ = 0;
};

TEST_F(Succession, WhatIsLiveIsTheVersionOfTheLastThatWentLiveOrWhatItsRollbackWentBackTo) {
  const Place place{"shop", "production"};
  EXPECT_EQ(live_version(fleet_, place), std::nullopt);
  add("r1", "v2", "v1");
  EXPECT_EQ(live_version(fleet_, place), "v2");
  auto& bad = add("r2", "v3", "v2");
  add("r3", "v4", "v3").live_at.reset();
  EXPECT_EQ(live_version(fleet_, place), "v3") << "the newest is still to come";
  roll_back(bad, CallState::unknown);
  EXPECT_EQ(live_version(fleet_, place), std::nullopt) << "nobody knows";
  bad.decisions.back().state = CallState::confirmed;
  bad.decisions.back().target = "v0";
  EXPECT_EQ(live_version(fleet_, place), "v0");
}

TEST_F(Succession, TheLastGoodVersionPassedBeforeTheReleaseWentLive) {
  add("r1", "v1", "v0").phase = Phase::passed;
  add("r2", "v2", "v1").phase = Phase::passed;
  add("r3", "v3", "v2").phase = Phase::rolled_back;
  auto& fresh = add("r4", "v4", "v3");
  add("r5", "v5", "v4").phase = Phase::passed;
  ASSERT_NE(last_good(fleet_, fresh), nullptr);
  EXPECT_EQ(last_good(fleet_, fresh)->spec.id, "r2");
  fresh.spec.version = "v2";
  EXPECT_EQ(last_good(fleet_, fresh)->spec.id, "r1") << "not the same version";
  EXPECT_EQ(last_good(fleet_, *fleet_.find("r1")), nullptr);
}

TEST_F(Succession, WhatGoesLiveTakesThePlaceOfWhatIsOpenThere) {
  add("live", "v2", "v1");
  add("never came", "v3", "v2").phase = Phase::deploying;
  add("ended", "v4", "v2").phase = Phase::passed;
  auto elsewhere = shop_watch();
  elsewhere.spec.environment = "staging";
  fleet_.put(std::make_shared<Watch>(std::move(elsewhere)));
  const auto& fresh = add("fresh", "v5", "v2");
  add("announced later", "v6", "v5").phase = Phase::deploying;
  EXPECT_THAT(superseded_by(fleet_, fresh), ElementsAre("live", "never came"));
}

TEST_F(Succession, ARollbackThatDeploysDoesNotEndTheOneThatItCarriesOut) {
  auto& bad = add("bad", "v2", "v1");
  roll_back(bad, CallState::calling);
  auto& back = add("back", "v1", "v2");
  EXPECT_THAT(superseded_by(fleet_, back), ElementsAre("bad"));
  back.is_rollback = true;
  EXPECT_THAT(superseded_by(fleet_, back), IsEmpty());
  back.spec.version = "v0";
  EXPECT_THAT(superseded_by(fleet_, back), ElementsAre("bad")) << "it puts back something else";
}

TEST_F(Succession, UndoesWhatWasFoundBadAlone) {
  auto& older = add("older", "v2", "v1");
  ReleaseSpec back = older.spec;
  back.version = "v1";
  back.previous_version = "v2";
  EXPECT_FALSE(undoes(back, older)) << "nobody found it bad";
  older.breach_decided = true;
  EXPECT_TRUE(undoes(back, older));
  back.previous_version = "v7";
  EXPECT_FALSE(undoes(back, older)) << "it comes from another version";
  back.previous_version.clear();
  EXPECT_TRUE(undoes(back, older)) << "it does not say from which";
  older.is_rollback = true;
  EXPECT_FALSE(undoes(back, older));
}

TEST_F(Succession, AFailedRollbackIsSettledOnce) {
  add("failed", "v2", "v1").phase = Phase::rollback_failed;
  auto& settled = add("settled", "v2", "v1");
  settled.phase = Phase::rollback_failed;
  settled.superseded_by = "another";
  EXPECT_THAT(settled_by(fleet_, add("fresh", "v3", "v1")), ElementsAre("failed"));
}

TEST_F(Succession, TheNewestThatRunsIsTheOneToRollBack) {
  const auto& first = add("first", "v2", "v1");
  EXPECT_EQ(newer_than(fleet_, first), nullptr);
  auto& second = add("second", "v3", "v2");
  EXPECT_EQ(newer_than(fleet_, first), &second);
  EXPECT_EQ(newer_than(fleet_, second), nullptr);
  roll_back(second, CallState::failed);
  EXPECT_EQ(newer_than(fleet_, first), &second) << "it may still run";
  second.decisions.back().state = CallState::confirmed;
  EXPECT_EQ(newer_than(fleet_, first), nullptr);
}

TEST_F(Succession, EachAnnouncementIsLaterThanThoseBeforeIt) {
  const auto& last = add("last", "v2", "v1");
  EXPECT_EQ(announced_after(fleet_, last.spec.place(), last.announced_at - 1h), last.announced_at + Duration{1});
  EXPECT_EQ(announced_after(fleet_, last.spec.place(), last.announced_at + 1h), last.announced_at + 1h);
  EXPECT_EQ(announced_after(fleet_, {"other", "production"}, last.announced_at - 1h), last.announced_at - 1h);
}

TEST_F(Succession, TheLastReleaseIsNoRollbackAndNoneThatNeverCame) {
  const auto& shop = add("release", "v2", "v1");
  EXPECT_EQ(last_release(fleet_, shop.spec.place()), &shop);
  add("rollback", "v1", "v2").is_rollback = true;
  auto& gone = add("gone", "v3", "v2");
  gone.live_at.reset();
  gone.phase = Phase::aborted;
  EXPECT_EQ(last_release(fleet_, shop.spec.place()), &shop);
  EXPECT_EQ(last_release(fleet_, {"other", "production"}), nullptr);
}

TEST_F(Succession, OneCallsAtATime) {
  auto& calling = add("calling", "v2", "v1");
  const auto& other = add("other", "v3", "v2");
  roll_back(calling, CallState::decided);
  EXPECT_EQ(caller_beside(fleet_, other), nullptr) << "its call has not begun";
  calling.decisions.back().state = CallState::calling;
  EXPECT_EQ(caller_beside(fleet_, other), &calling);
  EXPECT_EQ(caller_beside(fleet_, calling), nullptr) << "not itself";
}

TEST_F(Succession, WhatWasWatchedBeforeAnUnfinishedReleaseIsNamed) {
  add("watched", "v2", "v1");
  add("ended", "v2", "v1").phase = Phase::passed;
  const auto& gone = add("gone", "v3", "v2");
  add("later", "v4", "v2");
  EXPECT_THAT(watched_before(fleet_, gone), ElementsAre("watched"));
}

TEST_F(Succession, SettlingAnewLeavesNoStreakButOfSignals) {
  auto watch = shop_watch();
  watch.phase = Phase::watching;
  auto group = std::make_shared<RuleGroup>(*watch.group);
  group->rules.push_back(signal_rule());
  watch.group = group;
  watch.rules.resize(2);
  for (auto& state : watch.rules) state.in_breach = state.standing = state.latched = true;
  settle_anew(watch, moment(1h));
  EXPECT_TRUE(watch.is_settling(moment(1h + 5min - 1ms)));
  EXPECT_FALSE(watch.is_settling(moment(1h + 5min)));
  EXPECT_FALSE(breach_stands(watch.rules[0])) << "whoever looks before the next reading finds nothing to act on";
  EXPECT_TRUE(breach_stands(watch.rules[1]));
}

TEST_F(Succession, ALeadingVAndAShortenedCommitAreTheSameVersion) {
  EXPECT_TRUE(is_same_version("v1.2", "1.2"));
  EXPECT_TRUE(is_same_version("f95f852bd8fca8fc", "f95f852"));
  EXPECT_FALSE(is_same_version("1.2", "1.20"));
  EXPECT_FALSE(is_same_version("f95f85", "f95f852bd8")) << "too short to tell";
  EXPECT_FALSE(is_same_version("release-2026-01", "release-2026-01-b"));
  EXPECT_FALSE(is_same_version("v1", ""));
}

TEST_F(Succession, WhatRunsIsAccountedForByTheReleaseThatIsLiveOrByItsRollback) {
  const Place place = add("r1", "v1", "v0").spec.place();
  auto& second = add("r2", "v2", "v1");
  EXPECT_EQ(accounts_for(fleet_, place, "2")->spec.id, "r2");
  EXPECT_EQ(accounts_for(fleet_, place, "v1"), nullptr) << "somebody went back by hand";
  roll_back(second, CallState::calling);
  EXPECT_EQ(accounts_for(fleet_, place, "v1")->spec.id, "r2");
  EXPECT_EQ(accounts_for(fleet_, place, "v2")->spec.id, "r2");
  second.decisions.back().state = CallState::confirmed;
  second.phase = Phase::rolled_back;
  EXPECT_EQ(accounts_for(fleet_, place, "v1")->spec.id, "r2");
  EXPECT_EQ(accounts_for(fleet_, place, "v2"), nullptr) << "it is deployed again";
  EXPECT_EQ(accounts_for(fleet_, {"till", "production"}, "v1"), nullptr);
}

TEST_F(Succession, OnlyWhatTheGuardFoundAndStillWatchesIsTakenOver) {
  auto spec = add("r1", "v1", "v0").spec;
  EXPECT_EQ(found_before(fleet_, spec), nullptr);
  auto& found = add("d1", "v2", "v1");
  found.spec.labels[detected_label] = "true";
  spec.version = "v2";
  EXPECT_EQ(found_before(fleet_, spec)->spec.id, "d1");
  EXPECT_EQ(found_before(fleet_, found.spec), nullptr) << "it is not before itself";
  found.phase = Phase::passed;
  EXPECT_EQ(found_before(fleet_, spec), nullptr);
}

}  // namespace
}  // namespace guard::core
