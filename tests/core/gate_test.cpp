// SPDX-License-Identifier: Apache-2.0
#include "guard/core/gate.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::HasSubstr;

class GateChecks : public testing::Test {
 protected:
  GateChecks() { facts_.group = shop_watch().group; }
  Check check(const std::string& name) const {
    for (const auto& one : gate_checks(facts_))
      if (one.name == name) return one;
    return {"", CheckState::unknown, "there is none", ""};
  }
  void expect(const std::string& name, CheckState state) const {
    EXPECT_EQ(check(name).state, state) << name << ": " << check(name).seen;
    EXPECT_EQ(is_open(gate_checks(facts_)), state == CheckState::passed);
    EXPECT_EQ(check(name).advice.empty(), state == CheckState::passed);
  }
  static Evaluation alerts_are(Outcome outcome, const std::string& detail) {
    Evaluation out;
    out.outcome = outcome;
    out.detail = detail;
    return out;
  }
  void set_mode(Mode mode) {
    auto group = *facts_.group;
    group.rollback.mode = mode;
    facts_.group = std::make_shared<const RuleGroup>(group);
  }

  GateFacts facts_;
};

TEST_F(GateChecks, NothingInTheWayIsAYesThatSaysWhatWasLookedAt) {
  std::vector<std::string> names;
  for (const auto& one : gate_checks(facts_)) {
    EXPECT_EQ(one.state, CheckState::passed) << one.name;
    EXPECT_NE(one.seen, "");
    names.push_back(one.name);
  }
  EXPECT_THAT(names, testing::ElementsAre("rules", "freeze", "place", "brakes"));
  EXPECT_TRUE(is_open(gate_checks(facts_)));
}

TEST_F(GateChecks, NobodyWouldWatchIt) {
  facts_.group = nullptr;
  facts_.group_problem = "no rule group matches";
  expect("rules", CheckState::failed);
  facts_.group_unknown = true;
  expect("rules", CheckState::unknown);
}

TEST_F(GateChecks, TheHookDoesNotTakeTheVersion) {
  facts_.version_problem = "\"main\" is no version that the rollback hook takes";
  expect("rules", CheckState::failed);
}

TEST_F(GateChecks, AFreezeRefusesIt) {
  facts_.freeze = Freeze{};
  facts_.freeze->reason = "the sale";
  expect("freeze", CheckState::failed);
  EXPECT_THAT(check("freeze").seen, HasSubstr("the sale"));
}

TEST_F(GateChecks, SomethingIsUnfinishedInItsPlace) {
  facts_.unfinished = {{"r1", "its rollback is under way", "wait"}, {"r2", "a person is needed", "look"}};
  expect("place", CheckState::failed);
  EXPECT_EQ(check("place").seen, "release r1: its rollback is under way; release r2: a person is needed");
}

TEST_F(GateChecks, StagingIsAskedForOnlyWhereTheGroupDoes) {
  facts_.staging = Shown{false, "v2 is not known", "release it"};
  expect("staging", CheckState::failed);
  facts_.requirement_refuses = false;
  expect("staging", CheckState::passed);
  EXPECT_THAT(check("staging").seen, HasSubstr("only warns"));
  facts_.staging = Shown{true, "v2 passed", ""};
  expect("staging", CheckState::passed);
  facts_.version_unknown = true;
  expect("staging", CheckState::unknown);
}

TEST_F(GateChecks, APreflightIsALineWhereItWasLookedUp) {
  for (const auto& one : gate_checks(facts_)) EXPECT_NE(one.name, "preflight");
  facts_.preflight = Shown{false, "the one of 2h ago failed", "run it again"};
  expect("preflight", CheckState::failed);
  facts_.requirement_refuses = false;
  expect("preflight", CheckState::passed);
  facts_.preflight = Shown{true, "the preflight of 5m ago passed", ""};
  expect("preflight", CheckState::passed);
}

TEST_F(GateChecks, OfAlertsTheWorstReadingCounts) {
  facts_.alerts = {alerts_are(Outcome::ok, "none fires")};
  expect("alerts", CheckState::passed);
  facts_.alerts.push_back(alerts_are(Outcome::error, "connection refused"));
  expect("alerts", CheckState::unknown);
  EXPECT_EQ(check("alerts").seen, "connection refused");
  facts_.alerts[1].outcome = Outcome::no_data;
  expect("alerts", CheckState::unknown);
  facts_.alerts.push_back(alerts_are(Outcome::breach, "firing: ApiDown"));
  expect("alerts", CheckState::failed);
  EXPECT_EQ(check("alerts").seen, "firing: ApiDown");
}

TEST_F(GateChecks, BrakesCountWhereTheGroupWouldActByItself) {
  facts_.kill_switch = true;
  facts_.breaker = {"a", "b", "c"};
  set_mode(Mode::enforce);
  expect("brakes", CheckState::failed);
  EXPECT_THAT(check("brakes").seen, testing::AllOf(HasSubstr("the kill switch is on"), HasSubstr("a, b, c")));
  for (const auto mode : {Mode::ask, Mode::observe}) {
    set_mode(mode);
    expect("brakes", CheckState::passed);
    EXPECT_THAT(check("brakes").seen, HasSubstr("the kill switch is on"));
  }
}

}  // namespace
}  // namespace guard::core
