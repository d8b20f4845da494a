// SPDX-License-Identifier: Apache-2.0
#include "guard/model/watch.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::model {
namespace {

using core::moment;
using core::shop_watch;
using namespace std::chrono_literals;

Watch watch_in(Phase phase) {
  Watch watch;
  watch.spec.service = "shop";
  watch.spec.environment = "production";
  watch.spec.version = "2.0";
  watch.spec.previous_version = "1.9";
  watch.spec.labels = {{"team", "web"}};
  watch.phase = phase;
  watch.clock.start(moment(), "boot-1");
  return watch;
}

Decision rollback(int number, CallState state) {
  Decision decision;
  decision.number = number;
  decision.kind = DecisionKind::rollback;
  decision.state = state;
  return decision;
}

TEST(Watch, SpeaksOfItsRelease) {
  const auto subject = watch_in(Phase::watching).subject(moment(7min));
  EXPECT_EQ(subject.service, "shop");
  EXPECT_EQ(subject.environment, "production");
  EXPECT_EQ(subject.previous_version, "1.9");
  EXPECT_EQ(subject.labels.at("team"), "web");
  EXPECT_EQ(subject.age, 7min);
}

TEST(Watch, AfterTheHookThePreviousVersionIsTheOneThatShouldRun) {
  for (const auto& [phase, name] : EnumNames<Phase>::table) {
    const bool went_back = phase == Phase::verifying || phase == Phase::rolled_back;
    EXPECT_EQ(watch_in(phase).subject(moment()).version, went_back ? "1.9" : "2.0") << name;
  }
}

TEST(Watch, AfterARollbackToAChosenVersionThatOneShouldRun) {
  auto watch = watch_in(Phase::verifying);
  watch.decisions = {rollback(1, CallState::confirmed)};
  watch.decisions[0].target = "1.7";
  EXPECT_EQ(watch.goes_back_to(), "1.7");
  EXPECT_EQ(watch.subject(moment()).version, "1.7");
  EXPECT_EQ(watch.subject(moment()).previous_version, "1.7");
}

TEST(Watch, ARollbackIsOpenUntilItsHookHasReturned) {
  for (const auto& [state, name] : EnumNames<CallState>::table) {
    auto watch = watch_in(Phase::rolling_back);
    watch.decisions = {rollback(1, state)};
    const bool open = state == CallState::decided || state == CallState::calling;
    EXPECT_EQ(watch.open_rollback() != nullptr, open) << name;
    EXPECT_EQ(std::as_const(watch).open_rollback(), watch.open_rollback());
  }
}

Decision decision(DecisionKind kind, const std::string& actor = "") {
  Decision decision;
  decision.kind = kind;
  decision.actor = actor;
  return decision;
}

TEST(Watch, AnAbortOverrulesWhatTheGuardHadConcludedFromABreach) {
  for (const auto kind :
       {DecisionKind::ask, DecisionKind::hold, DecisionKind::would_rollback, DecisionKind::rollback}) {
    auto watch = watch_in(Phase::aborted);
    watch.decisions = {decision(kind), decision(DecisionKind::abort, "anna")};
    EXPECT_EQ(watch.overruled_by(1), kind) << to_string(kind);
    EXPECT_EQ(watch.overruled_by(0), std::nullopt) << "a conclusion overrules nothing";
  }
}

TEST(Watch, AnAbortOverrulesNothingWhereNoBreachStoodOrThePersonDecidedOrTheRollbackIsDone) {
  const auto abort = decision(DecisionKind::abort, "anna");
  auto watch = watch_in(Phase::aborted);
  watch.decisions = {abort};
  EXPECT_EQ(watch.overruled_by(0), std::nullopt);
  watch.decisions = {decision(DecisionKind::rollback, "anna"), abort};
  EXPECT_EQ(watch.overruled_by(1), std::nullopt);
  watch.decisions = {rollback(1, CallState::confirmed), abort};
  EXPECT_EQ(watch.overruled_by(1), std::nullopt);
  watch.decisions = {decision(DecisionKind::ask), rollback(2, CallState::confirmed), abort};
  EXPECT_EQ(watch.overruled_by(2), std::nullopt) << "approved and done";
}

TEST(Watch, TheFirstReadingAfterTheSettleTimeCounts) {
  auto watch = shop_watch();
  watch.phase = Phase::settling;
  EXPECT_TRUE(watch.is_settling(moment(5min - 1ms)));
  EXPECT_FALSE(watch.is_settling(moment(5min))) << "it is what ends the phase";
}

TEST(Watch, OnlyRollbacksAreRollbacks) {
  auto watch = watch_in(Phase::watching);
  EXPECT_EQ(watch.open_rollback(), nullptr);
  EXPECT_EQ(watch.last_rollback(), nullptr);
  auto hold = rollback(3, CallState::none);
  hold.kind = DecisionKind::hold;
  watch.decisions = {rollback(1, CallState::failed), rollback(2, CallState::calling), hold};
  ASSERT_NE(watch.open_rollback(), nullptr);
  EXPECT_EQ(watch.open_rollback()->number, 2);
  ASSERT_NE(watch.last_rollback(), nullptr);
  EXPECT_EQ(watch.last_rollback()->number, 2);
}

}  // namespace
}  // namespace guard::model
