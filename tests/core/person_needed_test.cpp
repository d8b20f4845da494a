// SPDX-License-Identifier: Apache-2.0
#include "guard/core/person_needed.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

class PersonIsNeeded : public testing::Test {
 protected:
  PersonIsNeeded() { read(6min); }
  // A reading that counts, so that nothing is unread for a while.
  void read(Duration age) {
    watch.phase = Phase::watching;
    watch.rules[0].past.known = true;
    watch.rules[0] =
        judge(watch.group->rules[0], watch.rules[0], reading(Outcome::ok, moment(age)), {interval, false, false});
  }
  std::optional<Need> need(Duration age = 6min) const {
    const auto needed = person_needed(watch, moment(age));
    return needed ? std::optional(needed->need) : std::nullopt;
  }
  void hold() {
    Decision decision;
    decision.kind = DecisionKind::hold;
    watch.decisions.push_back(decision);
  }

  Watch watch = shop_watch();
};

TEST_F(PersonIsNeeded, NotWhileAllIsWell) {
  EXPECT_EQ(need(), std::nullopt);
}

TEST_F(PersonIsNeeded, ForABreachThatIsHeldBeforeAllElse) {
  watch.disturbance = "another release went live";
  EXPECT_EQ(need(), Need::disturbance);
  hold();
  EXPECT_EQ(need(), Need::held_breach);
  watch.decisions.back().kind = DecisionKind::would_rollback;
  EXPECT_EQ(need(), Need::disturbance);
}

TEST_F(PersonIsNeeded, ForTheRulesThatNobodyReadsAndTheyAreNamed) {
  EXPECT_EQ(need(6min + 3 * interval), Need::unread_rules);
  EXPECT_EQ(person_needed(watch, moment(6min + 3 * interval)), (PersonNeeded{Need::unread_rules, {0}}));
}

TEST_F(PersonIsNeeded, WhereTheWindowHasPassedBeforeItWentLive) {
  watch.phase = Phase::deploying;
  watch.phase_since = moment().wall;
  EXPECT_EQ(need(2h - Duration{1}), std::nullopt);
  EXPECT_EQ(need(2h), Need::live_or_abort);
}

TEST_F(PersonIsNeeded, ToApproveARollback) {
  watch.phase = Phase::awaiting_approval;
  EXPECT_EQ(need(), Need::approval);
}

TEST_F(PersonIsNeeded, WhereAnObjectiveBreaksAgainAfterTheRollback) {
  watch.phase = Phase::verifying;
  EXPECT_EQ(need(), std::nullopt);
  watch.broken_again_at = moment(6min).wall;
  EXPECT_EQ(need(), Need::broken_again);
}

TEST_F(PersonIsNeeded, AfterAFailedRollbackUntilAnotherReleaseTakesItsPlace) {
  watch.phase = Phase::rollback_failed;
  EXPECT_EQ(need(), Need::failed_rollback);
  watch.superseded_by = "r2";
  EXPECT_EQ(need(), std::nullopt);
}

TEST_F(PersonIsNeeded, NotForAnEndThatSaysItself) {
  hold();
  for (const auto phase : {Phase::passed, Phase::breached, Phase::unverified, Phase::rolled_back, Phase::aborted,
                           Phase::superseded, Phase::rolling_back}) {
    watch.phase = phase;
    EXPECT_EQ(need(), std::nullopt) << to_string(phase);
  }
}

}  // namespace
}  // namespace guard::core
