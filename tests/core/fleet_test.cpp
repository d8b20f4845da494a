// SPDX-License-Identifier: Apache-2.0
//
// All releases together: found by id and by place, and which of them are open.
#include "guard/core/fleet.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

WatchPtr watch(const std::string& id, const std::string& service, Phase phase = Phase::watching) {
  auto out = shop_watch();
  out.spec.id = id;
  out.spec.service = service;
  out.phase = phase;
  return std::make_shared<const Watch>(std::move(out));
}

std::vector<std::string> ids(const std::vector<const Watch*>& watches) {
  std::vector<std::string> out;
  for (const auto* each : watches) out.push_back(each->spec.id);
  return out;
}

TEST(Fleet, FindsThoseOfAPlaceAndNoOthers) {
  Fleet fleet;
  fleet.put(watch("r1", "shop"));
  fleet.put(watch("r2", "cart"));
  fleet.put(watch("r3", "shop"));
  EXPECT_THAT(ids(fleet.at({"shop", "production"})), ElementsAre("r1", "r3"));
  EXPECT_THAT(ids(fleet.at({"shop", "staging"})), IsEmpty());
  EXPECT_EQ(fleet.find("r2")->spec.service, "cart");
  EXPECT_EQ(fleet.find("r4"), nullptr);
}

TEST(Fleet, TheLatestOfAnIdStandsInPlaceOfTheOneBefore) {
  Fleet fleet;
  fleet.put(watch("r1", "shop"));
  fleet.put(watch("r1", "shop", Phase::passed));
  EXPECT_EQ(fleet.find("r1")->phase, Phase::passed);
  EXPECT_THAT(ids(fleet.at({"shop", "production"})), ElementsAre("r1"));
}

TEST(Fleet, KnowsWhichAreOpen) {
  Fleet fleet;
  fleet.put(watch("r1", "shop"));
  fleet.put(watch("r2", "shop", Phase::passed));
  EXPECT_THAT(fleet.open(), ElementsAre("r1"));
  fleet.put(watch("r1", "shop", Phase::passed));
  EXPECT_THAT(fleet.open(), IsEmpty());
  fleet.put(watch("r1", "shop", Phase::rolling_back));
  EXPECT_THAT(fleet.open(), ElementsAre("r1")) << "a person rolls back what had ended";
}

WatchPtr ended(const std::string& id, Phase phase, WallTime at) {
  auto copy = *watch(id, "shop", phase);
  copy.ended_at = at;
  return std::make_shared<const Watch>(std::move(copy));
}

TEST(Fleet, KnowsWhichEndedSinceAndWhichOfThemAreLeftToAPerson) {
  const auto at = [](Duration age) { return moment(age).wall; };
  Fleet fleet;
  fleet.put(ended("r1", Phase::rollback_failed, at(1min)));
  fleet.put(ended("r2", Phase::passed, at(2min)));
  fleet.put(watch("r3", "shop"));
  EXPECT_THAT(fleet.ended_since(at(1min)), ElementsAre("r1", "r2"));
  EXPECT_THAT(fleet.ended_since(at(2min)), ElementsAre("r2"));
  EXPECT_THAT(fleet.left_to_person(), ElementsAre("r1"));
  fleet.put(watch("r1", "shop", Phase::rolling_back));
  EXPECT_THAT(fleet.ended_since(at(0min)), ElementsAre("r2")) << "a person has it rolled back again";
  EXPECT_THAT(fleet.left_to_person(), IsEmpty());
}

WatchPtr live(const std::string& id, std::optional<WallTime> at) {
  auto copy = *watch(id, "shop");
  copy.live_at = at;
  return std::make_shared<const Watch>(std::move(copy));
}

TEST(Fleet, KnowsWhichWentLiveInATimeAndInWhichOrder) {
  const auto at = [](Duration age) { return moment(age).wall; };
  Fleet fleet;
  const auto between = [&] { return ids(fleet.live_between(at(2min), at(3min))); };
  fleet.put(live("r1", at(3min)));
  fleet.put(live("r2", at(2min)));
  fleet.put(live("r3", at(1min)));
  fleet.put(live("r4", at(4min)));
  fleet.put(live("r5", std::nullopt));
  EXPECT_THAT(between(), ElementsAre("r2", "r1")) << "both ends belong to it";
  fleet.put(live("r5", at(2min + 30s)));
  fleet.put(live("r1", at(5min)));
  EXPECT_THAT(between(), ElementsAre("r2", "r5"));
  fleet.erase("r2");
  EXPECT_THAT(between(), ElementsAre("r5"));
  fleet.clear();
  EXPECT_THAT(between(), IsEmpty());
}

TEST(Fleet, TheOneAnnouncedLastSpeaksForItsPlaceUnlessItNeverCame) {
  const auto announced = [](const std::string& id, Phase phase, Duration age) {
    auto copy = *watch(id, "shop", phase);
    copy.announced_at = moment(age).wall;
    copy.live_at.reset();
    return std::make_shared<const Watch>(std::move(copy));
  };
  Fleet fleet;
  const auto speaks = [&] { return fleet.places().at({"shop", "production"}).rbegin()->id; };
  fleet.put(announced("r2", Phase::deploying, 1min));
  fleet.put(announced("r1", Phase::deploying, 2min));
  EXPECT_EQ(speaks(), "r1");
  fleet.put(announced("r1", Phase::aborted, 2min));
  EXPECT_EQ(speaks(), "r2");
  fleet.erase("r2");
  EXPECT_EQ(speaks(), "r1");
}

TEST(Fleet, WhatIsErasedIsNowhere) {
  Fleet fleet;
  fleet.put(ended("r1", Phase::rollback_failed, moment(1min).wall));
  fleet.erase("r1");
  fleet.erase("r1");
  EXPECT_EQ(fleet.find("r1"), nullptr);
  EXPECT_THAT(ids(fleet.at({"shop", "production"})), IsEmpty());
  EXPECT_THAT(fleet.open(), IsEmpty());
  EXPECT_THAT(fleet.places(), IsEmpty());
  EXPECT_THAT(fleet.left_to_person(), IsEmpty());
  EXPECT_THAT(fleet.ended_since(moment().wall), IsEmpty());
}

std::vector<std::string> ids_of(const Fleet& fleet, FleetPart part) {
  std::vector<std::string> out;
  fleet.for_each(part, [&](const Watch& watch) { out.push_back(watch.spec.id); });
  return out;
}

WatchPtr decided(const std::string& id, Trigger trigger, DecisionKind kind = DecisionKind::rollback) {
  auto copy = *watch(id, "shop", Phase::rolled_back);
  copy.decisions.emplace_back().trigger = trigger;
  copy.decisions.back().kind = kind;
  return std::make_shared<const Watch>(std::move(copy));
}

TEST(Fleet, KnowsWhatARuleHasBrokenWhateverBecameOfIt) {
  Fleet fleet;
  fleet.put(watch("r1", "shop"));
  fleet.put(decided("r2", Trigger::objective));
  fleet.put(decided("r3", Trigger::manual));
  fleet.put(decided("r4", Trigger::window, DecisionKind::pass));
  EXPECT_THAT(ids_of(fleet, FleetPart::broken), ElementsAre("r2"));
  EXPECT_THAT(ids_of(fleet, FleetPart::all), ElementsAre("r1", "r2", "r3", "r4"));
  fleet.erase("r2");
  EXPECT_THAT(ids_of(fleet, FleetPart::broken), IsEmpty());
}

TEST(Fleet, KnowsWhichRulesBreakNowAndNoLonger) {
  auto broken = shop_watch();
  broken.phase = Phase::watching;
  broken.rules[0].in_breach = true;
  Fleet fleet;
  fleet.put(std::make_shared<const Watch>(broken));
  EXPECT_THAT(ids_of(fleet, FleetPart::broken), ElementsAre("r1"));
  broken.rules[0].in_breach = false;
  fleet.put(std::make_shared<const Watch>(broken));
  EXPECT_THAT(ids_of(fleet, FleetPart::broken), IsEmpty());
}

TEST(Fleet, KnowsWhatBeganAFreeze) {
  auto freezing = *watch("r1", "shop");
  freezing.freeze = BegunFreeze{moment(1h).wall, "the first release"};
  Fleet fleet;
  fleet.put(std::make_shared<const Watch>(freezing));
  fleet.put(watch("r2", "shop"));
  EXPECT_THAT(ids_of(fleet, FleetPart::freezing), ElementsAre("r1"));
}

}  // namespace
}  // namespace guard::core
