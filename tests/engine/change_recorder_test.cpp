// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/change_recorder.hpp"

#include "tests/engine/harness.hpp"

#include <gtest/gtest.h>

namespace guard::test {
namespace {

class ChangeRecorder : public testing::Test {
 protected:
  static model::Watch held() {
    model::Watch watch;
    watch.spec = shop_release("r1");
    watch.phase = model::Phase::watching;
    model::Decision decision;
    decision.number = 1;
    decision.kind = model::DecisionKind::hold;
    decision.brake = model::Brake::cooldown;
    watch.decisions.push_back(decision);
    return watch;
  }
  int holds() { return telemetry_.decisions[{model::DecisionKind::hold, false}]; }

  StepClock clock_;
  Log log_{clock_, LogLevel::debug, LogFormat::logfmt, [](std::string_view) {}};
  CountingTelemetry telemetry_;
  engine::ChangeRecorder news_{telemetry_, log_};
};

TEST_F(ChangeRecorder, EachDecisionIsToldOnce) {
  auto watch = held();
  news_.record(watch);
  news_.record(watch);
  EXPECT_EQ(holds(), 1);
  EXPECT_EQ(telemetry_.brakes[model::Brake::cooldown], 1);
  watch.decisions.push_back(watch.decisions.back());
  news_.record(watch);
  EXPECT_EQ(holds(), 2);
}

TEST_F(ChangeRecorder, WhatAnEarlierProcessToldIsNotToldAgain) {
  auto watch = held();
  news_.take(watch);
  news_.record(watch);
  EXPECT_EQ(holds(), 0);
  watch.phase = model::Phase::passed;
  news_.record(watch);
  news_.record(watch);
  EXPECT_EQ(telemetry_.ended[model::Phase::passed], 1);
}

TEST_F(ChangeRecorder, EachEndIsCountedAndTheReleaseOnce) {
  auto watch = held();
  watch.phase = model::Phase::breached;
  watch.judged = watch.failed = true;
  news_.record(watch);
  watch.phase = model::Phase::rolled_back;
  news_.record(watch);
  EXPECT_EQ(telemetry_.ended[model::Phase::breached], 1);
  EXPECT_EQ(telemetry_.ended[model::Phase::rolled_back], 1);
  EXPECT_EQ(telemetry_.judged, 1);
  EXPECT_EQ(telemetry_.failed, 1);
}

}  // namespace
}  // namespace guard::test
