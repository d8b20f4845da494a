// SPDX-License-Identifier: Apache-2.0
//
// What is told of a release of the past; that it is judged as by a guard that runs is shown in tests/engine.
#include "guard/replay/replay.hpp"

#include "tests/replay/past.hpp"

#include <gmock/gmock.h>

namespace guard::replay {
namespace {

using testing::HasSubstr;

class Replaying : public testing::Test {
 protected:
  Course run(const std::string& mode = "enforce", const Release& of = release()) {
    return replay(of, group_of(rules_, mode), {past_, ends_at_, 1s});
  }
  // Bad from so long after live on, for so long.
  void fail(Duration from, Duration length) {
    past_.worth["error_rate"] = [=](WallTime at) {
      return one(at >= live + from && at < live + from + length ? 0.2 : 0.001);
    };
  }

  Past past_;
  std::string rules_ = error_rate;
  WallTime ends_at_ = WallTime::max();
};

TEST_F(Replaying, AHealthyReleasePasses) {
  fail(5h, 1h);
  const auto course = run();
  EXPECT_EQ(course.ending, Ending::passed);
  EXPECT_TRUE(course.conclusions.empty());
  EXPECT_EQ(course.rules[0].worst, 0.001);
}

TEST_F(Replaying, ABadOneWouldHaveBeenRolledBackAndIsFollowedUntilItRecovers) {
  fail(5min, 8min);
  const auto course = run();
  EXPECT_EQ(course.ending, Ending::rolled_back);
  ASSERT_EQ(course.conclusions.size(), 1U);
  EXPECT_EQ(course.conclusions[0].decision.at, live + Duration(6min));
  EXPECT_EQ(course.conclusions[0].decision.slo, "error_rate");
  EXPECT_EQ(course.recovered_at, live + Duration(13min));
  EXPECT_EQ(course.watch.phase, model::Phase::breached);
}

TEST_F(Replaying, WhatNeverRecoversIsSaidSo) {
  fail(5min, 5h);
  EXPECT_EQ(run().recovered_at, std::nullopt);
}

TEST_F(Replaying, ModeObserveIsJudgedAsIfItActed) {
  fail(5min, 8min);
  EXPECT_EQ(run("observe").ending, Ending::rolled_back);
}

TEST_F(Replaying, ModeAskWouldHaveAsked) {
  fail(5min, 8min);
  EXPECT_EQ(run("ask").ending, Ending::asked);
}

TEST_F(Replaying, ARollbackIsHeldBack) {
  fail(5min, 8min);
  auto of = release();
  of.spec.previous_version = "";
  EXPECT_EQ(run("enforce", of).ending, Ending::held);
}

TEST_F(Replaying, AWarningIsNoRollback) {
  rules_ += R"(
      - { slo: cpu, expr: cpu, objective: "< 70%", action: warn, max_age: 0s }
)";
  fail(5h, 1h);
  past_.worth["cpu"] = [](WallTime at) { return one(at == live + Duration(10min) ? 0.9 : 0.1); };
  const auto course = run();
  EXPECT_EQ(course.ending, Ending::warned);
  EXPECT_EQ(course.rules[1].breached_at, live + Duration(10min));
}

TEST_F(Replaying, MissingHistoryIsNeverOk) {
  const auto course = run();
  EXPECT_EQ(course.ending, Ending::unverified);
  EXPECT_THAT(course.reason, HasSubstr("error_rate"));
  EXPECT_EQ(course.rules[0].no_data, course.rules[0].readings);
}

TEST_F(Replaying, WhatCouldNotBeReadIsCounted) {
  fail(5h, 1h);
  past_.failing = live + Duration(10min);
  const auto course = run();
  EXPECT_EQ(course.ending, Ending::unverified);
  EXPECT_GT(course.rules[0].errors, 70U);
  EXPECT_THAT(course.rules[0].first_error, HasSubstr("no answer"));
}

TEST_F(Replaying, AReleaseThatIsReplacedIsWatchedUntilThen) {
  fail(5min, 8min);
  auto of = release();
  of.replaced_at = live + Duration(4min);
  EXPECT_EQ(run("enforce", of).ending, Ending::superseded);
}

TEST_F(Replaying, OfTheFutureNothingIsKnown) {
  fail(5h, 1h);
  ends_at_ = live + Duration(10min);
  EXPECT_EQ(run().ending, Ending::cut_short);
}

TEST_F(Replaying, ASignalCountsFromWhenItWasPosted) {
  rules_ += "      - { slo: e2e, signal: e2e, objective: succeeded }\n";
  fail(5h, 1h);
  auto of = release();
  of.signals["e2e"] = {false, "3 of 40 failed", live + Duration(2min) + Duration(7s)};
  const auto course = run("enforce", of);
  EXPECT_EQ(course.ending, Ending::rolled_back);
  EXPECT_EQ(course.conclusions[0].decision.at, of.signals["e2e"].at);
}

TEST_F(Replaying, AlertsAreThoseThatFiredThen) {
  rules_ = R"(
      - { slo: alerts, alerts: ['severity="critical"'], objective: none firing, max_age: 5m }
)";
  past_.worth["count(up)"] = [](WallTime) { return one(1); };
  past_.worth[R"(ALERTS{alertstate="firing"})"] = [](WallTime at) {
    if (at < live + Duration(3min)) return std::vector<model::Sample>{};
    return one(1, {{"__name__", "ALERTS"}, {"alertname", "Down"}, {"alertstate", "firing"}, {"severity", "critical"}});
  };
  const auto course = run();
  EXPECT_EQ(course.ending, Ending::rolled_back);
  EXPECT_EQ(course.conclusions[0].decision.at, live + Duration(3min));
  EXPECT_THAT(course.conclusions[0].decision.reason, HasSubstr("Down"));
}

TEST_F(Replaying, AnObserverEndsIt) {
  fail(5h, 1h);
  int rounds = 0;
  replay(release(), group_of(rules_), {past_, ends_at_, 1s}, [&](const Course&, Instant) { return ++rounds < 3; });
  EXPECT_EQ(rounds, 3);
}

}  // namespace
}  // namespace guard::replay
