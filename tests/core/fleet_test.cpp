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

TEST(Fleet, WhatIsErasedIsNowhere) {
  Fleet fleet;
  fleet.put(watch("r1", "shop"));
  fleet.erase("r1");
  fleet.erase("r1");
  EXPECT_EQ(fleet.find("r1"), nullptr);
  EXPECT_THAT(ids(fleet.at({"shop", "production"})), IsEmpty());
  EXPECT_THAT(fleet.open(), IsEmpty());
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
