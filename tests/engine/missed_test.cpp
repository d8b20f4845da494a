// SPDX-License-Identifier: Apache-2.0
//
// Nobody looked for a while, and the server of the metrics was there all the time: what was missed is asked for
// afterwards and judged as if it had been read in its time.
#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Missed : public Engine {
 protected:
  static core::Samples refused() {
    return std::unexpected(core::SourceError{core::Reason::query_failed, "connection refused", true});
  }
  // The guard is down for so long; a server of the metrics tells afterwards that the error rate was `share`.
  void down(Duration time, double share) {
    world.metrics->past[error_rate] = one(share);
    world.clock.step(time);
    world.restart();
  }
  std::vector<std::string> gaps() const {
    std::vector<std::string> out;
    for (const auto& event : world.disk.events)
      if (core::kind_of(event.what) == core::EventKind::gap) out.push_back(event.message);
    return out;
  }
};

TEST_F(Missed, ABreachThatBeganWhileTheGuardWasDownIsActedOnAtOnce) {
  watch();
  fail_service();
  down(10s, 0.2);
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_THAT(gaps(), Contains(HasSubstr("error_rate 10 readings (10 in breach)")));
}

TEST_F(Missed, ABreachThatIsOverIsSaidAndNotActedOn) {
  watch();
  down(10s, 0.2);
  world.run(2s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("r1").kind, DecisionKind::hold);
  EXPECT_EQ(last_decision("r1").brake, Brake::over);
  world.metrics->past[error_rate] = one(0.001);
  world.run(50s);
  EXPECT_EQ(world.phase("r1"), Phase::breached) << "what was broken while nobody looked has not passed";
}

TEST_F(Missed, ABreachThatComesBackIsRolledBack) {
  watch();
  down(10s, 0.2);
  world.run(2s);
  ASSERT_EQ(last_decision("r1").brake, Brake::over);
  fail_service();
  world.run(4s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Missed, InModeObserveNobodyIsAskedToDecide) {
  world.groups[0].rollback.mode = core::Mode::observe;
  world.restart();
  watch();
  down(10s, 0.2);
  world.run(2s);
  EXPECT_EQ(last_decision("r1").kind, DecisionKind::would_rollback);
}

TEST_F(Missed, AServerThatCouldNotBeReachedIsAskedForThatTime) {
  watch();
  world.metrics->now[error_rate] = refused();
  world.run(40s);
  heal_service();
  world.run(20s);
  EXPECT_EQ(world.phase("r1"), Phase::passed) << "two thirds of the window were read afterwards";
}

TEST_F(Missed, WhileThePresentIsNotAnsweredThePastIsNotAskedFor) {
  watch();
  const auto asked = world.metrics->asked_past;
  world.metrics->now[error_rate] = refused();
  world.run(20s);
  EXPECT_EQ(world.metrics->asked_past, asked);
}

TEST_F(Missed, AWindowThatEndedMeanwhileIsJudgedBeforeItIsClosed) {
  watch();
  down(10min, 0.2);
  world.run(1s);
  EXPECT_NE(world.phase("r1"), Phase::passed);
  EXPECT_EQ(last_decision("r1").slo.empty() ? "" : "error_rate", std::string("error_rate"));
}

TEST_F(Missed, AHealthyWindowThatEndedMeanwhilePasses) {
  watch();
  fail_service();  // long after the window: another story
  down(10min, 0.001);
  world.run(2s);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST_F(Missed, AMachineThatWasRestartedIsMadeUpForToo) {
  watch();
  fail_service();
  world.metrics->past[error_rate] = one(0.2);
  world.clock.reboot(10s);
  world.restart();
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Missed, ABaselineThatWasReadOnceHoldsForTheWholeGap) {
  auto& rule = world.groups[0].rules[0];
  rule.baseline = core::Baseline{2h, {}};
  rule.objective = {core::Comparison::greater_equal, 0.5, core::Unit::ratio, true};
  rule.preexisting = core::Preexisting::rollback;
  world.metrics->past[error_rate] = world.metrics->now[error_rate] = one(100);
  world.restart();
  watch();
  world.metrics->now[error_rate] = one(20);
  down(10s, 20);
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Missed, OfHowManyMomentsThereAreNoSamplesIsSaid) {
  watch();
  world.metrics->past[error_rate] = std::vector<core::Sample>{};
  world.clock.step(10s);
  world.restart();
  world.run(1s);
  EXPECT_THAT(gaps(), Contains(HasSubstr("error_rate 0 of 10 readings, of the others there are no samples")));
}

TEST_F(Missed, ThePauseIsNotMadeUpFor) {
  watch();
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  world.metrics->now[error_rate] = refused();
  world.run(20s);
  world.metrics->past[error_rate] = one(0.2);
  ASSERT_TRUE(world.order(Verb::resume, "r1"));
  heal_service();
  world.run(5s);
  EXPECT_TRUE(gaps().empty());
  EXPECT_TRUE(world.view("r1").decisions.empty());
}

TEST_F(Missed, WhatTheServerDoesNotTellStaysUnseen) {
  watch();
  world.metrics->past[error_rate] = refused();
  world.clock.step(30s);
  world.restart();
  world.run(30s);
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
}

}  // namespace
}  // namespace guard::test
