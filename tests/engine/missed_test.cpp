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
  static model::Samples refused() {
    return std::unexpected(model::SourceError{model::Reason::query_failed, "connection refused", true});
  }
  // The guard is down for so long; a server of the metrics tells afterwards that the error rate was `share`.
  void down(Duration time, double share) {
    world.metrics->past[error_rate] = one(share);
    world.clock.step(time);
    world.restart();
  }
  // Healthy to the end of the window and beyond, broken ever after.
  static void break_after_the_window(World& of) {
    const auto live = *of.view("r1").live_at;
    of.metrics->history[error_rate] = [live](WallTime at) { return at > live + 70s ? 0.2 : 0.001; };
    of.metrics->now[error_rate] = one(0.2);
  }
  std::vector<std::string> gaps() const {
    std::vector<std::string> out;
    for (const auto& event : world.disk.events)
      if (model::kind_of(event.what) == model::EventKind::gap) out.push_back(event.message);
    return out;
  }
};

TEST_F(Missed, ABreachThatBeganWhileTheGuardWasDownIsActedOnAtTheNextReading) {
  watch();
  fail_service();
  down(10s, 0.2);
  world.run(1s);
  EXPECT_TRUE(world.hook->calls.empty());
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
  world.groups[0].rollback.mode = model::Mode::observe;
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

TEST_F(Missed, ABreachOfAWindowThatEndedMeanwhileIsToldAndNotActedOnWhereItIsOver) {
  watch();
  down(10min, 0.2);
  world.run(2s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.view("r1").decisions.at(0).brake, Brake::over);
  EXPECT_EQ(world.phase("r1"), Phase::breached);
}

// What breaks after the window is another story.
TEST_F(Missed, NothingAfterTheWindowCounts) {
  for (const auto before_the_end : {3s, 8s}) {  // settling, watching
    World other;
    ASSERT_TRUE(other.announce(shop_release("r1")));
    other.run(before_the_end);
    break_after_the_window(other);
    other.clock.step(100s);
    other.restart();
    other.run(5s);
    EXPECT_TRUE(other.hook->calls.empty());
    EXPECT_EQ(other.phase("r1"), Phase::passed) << other.view("r1").reason;
  }
}

TEST_F(Missed, AfterALongOutageOfTheMachineNobodyKnowsWhichTimeIsWhich) {
  watch();
  fail_service();
  world.metrics->past[error_rate] = one(0.2);
  world.clock.reboot(60h);
  world.restart();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_NE(world.phase("r1"), Phase::passed);
}

TEST_F(Missed, AWindowThatEndedWhileTheMachineWasDownIsJudgedByItsOwnTime) {
  watch();
  break_after_the_window(world);
  world.clock.reboot(2min);
  world.restart();
  world.run(5s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::passed) << world.view("r1").reason;
}

// Three of four readings fail, so that each that is made finds a gap before it.
TEST_F(Missed, ASourceThatFailsAgainAndAgainPutsOffNoRollback) {
  watch();
  world.metrics->past[error_rate] = one(0.2);
  for (int i = 0; i < 2; ++i) {
    world.metrics->now[error_rate] = refused();
    world.run(3s);
    fail_service();
    world.run(1s);
  }
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Missed, AGuardThatDiesBeforeItIsStoredLeavesItToTheNext) {
  watch();
  world.executor->hold(engine::Lane::query);
  down(10s, 0.001);
  world.executor->hold(engine::Lane::query);
  world.run(1s);
  world.executor->lose_answers(engine::Lane::query);
  world.restart();
  world.run(1s);
  EXPECT_THAT(gaps(), Contains(HasSubstr("error_rate 11 readings (none in breach)")));
}

TEST_F(Missed, WhatIsMadeUpForIsNotMadeUpForAgain) {
  watch();
  const auto observed = [&] { return world.disk.watches.at("r1").rules[0].observed; };
  const auto before = observed();
  down(10s, 0.001);
  world.run(1s);
  EXPECT_EQ(observed() - before, 11s);
  world.restart();
  world.run(1s);
  EXPECT_EQ(observed() - before, 12s);
}

// A cause that services share shows only once all of them have been made up for.
TEST_F(Missed, TheBreakerSeesTheOthersFirst) {
  world.settings.brakes.breaker_services = 3;
  world.groups[0].match = {*model::Matcher::parse("environment=\"production\"")};
  world.restart();
  for (const auto* service : {"shop", "cart", "mail", "pay"}) {
    auto spec = shop_release(service);
    spec.service = service;
    ASSERT_TRUE(world.announce(spec));
  }
  world.run(8s);
  fail_service();
  down(10s, 0.2);
  world.run(5s);
  EXPECT_TRUE(world.hook->calls.empty());
  EXPECT_EQ(last_decision("pay").brake, Brake::breaker);
}

TEST_F(Missed, NoPolicySpeaksOfTimeInWhichNobodyAsked) {
  auto& rule = world.groups[0].rules[0];
  rule.on_error = rule.on_no_data = model::MissingPolicy::breach;
  world.restart();
  watch();
  world.metrics->past[error_rate] = std::vector<model::Sample>{};
  world.clock.step(20s);
  world.restart();
  world.run(3s);
  EXPECT_TRUE(world.view("r1").decisions.empty());
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
  world.run(2s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Missed, ABaselineThatWasReadOnceHoldsForTheWholeGap) {
  auto& rule = world.groups[0].rules[0];
  rule.baselines = {model::Baseline{2h, {}}};
  rule.objective = {model::Comparison::greater_equal, 0.5, model::Unit::ratio, true};
  rule.preexisting = model::Preexisting::rollback;
  world.metrics->past[error_rate] = world.metrics->now[error_rate] = one(100);
  world.restart();
  watch();
  world.metrics->now[error_rate] = one(20);
  down(10s, 20);
  world.run(2s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Missed, OfHowManyMomentsThereAreNoSamplesIsSaid) {
  watch();
  world.metrics->past[error_rate] = std::vector<model::Sample>{};
  world.clock.step(10s);
  world.restart();
  world.run(1s);
  EXPECT_THAT(gaps(), Contains(HasSubstr("error_rate 0 of 10 readings, of the others there are no samples")));
}

TEST_F(Missed, ThePauseIsNotMadeUpFor) {
  watch();
  ASSERT_TRUE(world.order(model::Verb::pause, "r1"));
  world.metrics->now[error_rate] = refused();
  world.run(20s);
  world.metrics->past[error_rate] = one(0.2);
  ASSERT_TRUE(world.order(model::Verb::resume, "r1"));
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
