// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/rules.hpp"

#include "tests/preflight/looking.hpp"

namespace guard::preflight {
namespace {

class PreflightRules : public Looking {
 protected:
  // Broken from so long before now on, for so long.
  void fail(Duration before, Duration length) {
    past_->worth["error_rate"] = [=](WallTime at) {
      return one(at >= live - before && at < live - before + length ? 0.2 : 0.001);
    };
  }
};

TEST_F(PreflightRules, AnObjectiveThatHoldsHasPassedNowAndOverTheDay) {
  watched_by(replay::error_rate);
  fail(48h, 1h);
  const auto now = named(look_at_rules_now(situation_, means_), "error_rate");
  EXPECT_EQ(now.state, CheckState::passed) << now.seen;
  const auto day = named(look_at_last_day(situation_, means_), "error_rate (last 24h)");
  EXPECT_EQ(day.state, CheckState::passed) << day.seen;
  EXPECT_THAT(day.seen, HasSubstr("at worst 0.1% against < 1%"));
}

TEST_F(PreflightRules, WhatIsBrokenNowHasFailedHoweverLongItHas) {
  watched_by(replay::error_rate);
  fail(72h, 96h);
  const auto now = named(look_at_rules_now(situation_, means_), "error_rate");
  EXPECT_EQ(now.state, CheckState::failed);
  EXPECT_THAT(now.seen, HasSubstr("20%"));
  EXPECT_FALSE(now.advice.empty());
}

TEST_F(PreflightRules, WhatBrokeHoursAgoHasFailedTheDayAndSaysWhen) {
  watched_by(replay::error_rate);
  fail(5h, 10min);
  EXPECT_EQ(named(look_at_rules_now(situation_, means_), "error_rate").state, CheckState::passed);
  const auto day = named(look_at_last_day(situation_, means_), "error_rate (last 24h)");
  EXPECT_EQ(day.state, CheckState::failed);
  EXPECT_THAT(day.seen, HasSubstr("broken at 2023-11-14 17:1"));
}

TEST_F(PreflightRules, WhatOnlyWarnsDoesNotFailTheDay) {
  watched_by(R"(
      - { slo: error_rate, expr: error_rate, objective: "< 1%", for: 1m, max_age: 0s, action: warn }
)");
  fail(5h, 10min);
  const auto day = named(look_at_last_day(situation_, means_), "error_rate (last 24h)");
  EXPECT_EQ(day.state, CheckState::passed);
  EXPECT_THAT(day.seen, HasSubstr("it would only warn"));
}

TEST_F(PreflightRules, MissingDataIsNeverPassed) {
  watched_by(replay::error_rate);
  EXPECT_EQ(named(look_at_rules_now(situation_, means_), "error_rate").state, CheckState::failed);
  EXPECT_EQ(named(look_at_last_day(situation_, means_), "error_rate (last 24h)").state, CheckState::unknown);
}

TEST_F(PreflightRules, AGapInTheDayIsNoBreachAlsoWhereMissingDataWouldBeOne) {
  watched_by(R"(
      - { slo: error_rate, expr: error_rate, objective: "< 1%", for: 1m, max_age: 0s, on_no_data: breach }
)");
  past_->worth["error_rate"] = [](WallTime at) {
    return at >= live - Duration(5h) && at < live - Duration(4h) ? std::vector<model::Sample>() : one(0.001);
  };
  const auto day = named(look_at_last_day(situation_, means_), "error_rate (last 24h)");
  EXPECT_EQ(day.state, CheckState::passed) << day.seen;
}

TEST_F(PreflightRules, AQueryThatFailsHasFailedInItsOwnWords) {
  watched_by(replay::error_rate);
  fail(48h, 1h);
  past_->failing = live - Duration(1h);
  const auto now = named(look_at_rules_now(situation_, means_), "error_rate");
  EXPECT_EQ(now.state, CheckState::failed);
  EXPECT_THAT(now.seen, HasSubstr("no answer"));
}

TEST_F(PreflightRules, AnAdviceOfTheRuleIsWhatToDo) {
  watched_by(R"(
      - slo: error_rate
        expr: error_rate
        objective: "< 1%"
        max_age: 0s
        annotations: { advice: "restart the workers of {{ service }}" }
)");
  fail(1h, 2h);
  EXPECT_EQ(named(look_at_rules_now(situation_, means_), "error_rate").advice, "restart the workers of shop");
}

TEST_F(PreflightRules, ARangeLongerThanTheLookIsReadWhole) {
  watched_by(R"yaml(
      - { slo: slow, expr: "max_over_time(slow[1h])", objective: "< 1", max_age: 0s }
)yaml");
  past_->worth["max_over_time(slow[1h])"] = [](WallTime) { return one(0.5); };
  const auto now = named(look_at_rules_now(situation_, means_), "slow");
  EXPECT_EQ(now.state, CheckState::passed) << now.seen;
}

TEST_F(PreflightRules, AQuietServiceIsUnknownAndTheDayTells) {
  watched_by(R"(
      - { slo: errors, bad: bad, total: total, objective: "< 1%" }
)");
  past_->counted["total"] = 0.001;
  past_->counted["bad"] = 0;
  const auto now = named(look_at_rules_now(situation_, means_), "errors");
  EXPECT_EQ(now.state, CheckState::unknown) << now.seen;
  past_->counted["total"] = 50;
  const auto day = named(look_at_last_day(situation_, means_), "errors (last 24h)");
  EXPECT_EQ(day.state, CheckState::passed) << day.seen;
  EXPECT_THAT(day.seen, HasSubstr("0 of 2"));
}

TEST_F(PreflightRules, WhereTheTimeIsOverNobodyCanTell) {
  watched_by(replay::error_rate);
  fail(48h, 1h);
  clock_.step(11s);
  EXPECT_EQ(named(look_at_rules_now(situation_, means_), "error_rate").state, CheckState::unknown);
  EXPECT_EQ(named(look_at_last_day(situation_, means_), "error_rate (last 24h)").state, CheckState::unknown);
}

TEST_F(PreflightRules, RulesOfPreflightAreAskedOnceWhateverTheirRange) {
  watched_by(replay::error_rate + R"yaml(
    preflight:
      - { slo: backup_age, expr: backup_age, objective: "< 26h" }
      - { slo: backups, expr: "sum(increase(backups[26h]))", objective: ">= 1", annotations: {
advice:
  back it up } }
)yaml");
  past_->worth["backup_age"] = [](WallTime) { return one(3600); };
  past_->worth["sum(increase(backups[26h]))"] = [](WallTime) { return one(0); };
  const auto checks = look_at_preflight_rules(situation_, means_);
  EXPECT_EQ(past_->asked, 2);
  EXPECT_EQ(named(checks, "backup_age").state, CheckState::passed);
  EXPECT_EQ(named(checks, "backups").state, CheckState::failed);
  EXPECT_EQ(named(checks, "backups").advice, "back it up");
}

}  // namespace
}  // namespace guard::preflight
