// SPDX-License-Identifier: Apache-2.0
#include "guard/core/transition.hpp"

#include "tests/core/reviewing.hpp"

namespace guard::core {
namespace {

TEST_F(Reviewer, AnUnknownOutcomeIsTriedAgainAsTheSameDecisionWithTheSameWords) {
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  watch.decisions.back().state = CallState::unknown;
  watch.decisions.back().finished_at = moment(11min).wall;
  watch = apply(watch, hook_finished(watch, CallState::unknown, "timed out"), moment(11min));
  ASSERT_EQ(watch.phase, Phase::rollback_failed);
  const auto before = watch.decisions.back();
  watch = apply(watch, *order_rollback(watch, brakes, {"anna", ""}), moment(12min));
  ASSERT_EQ(watch.decisions.size(), 1U);
  EXPECT_EQ(watch.decisions.back().state, CallState::decided);
  EXPECT_EQ(watch.decisions.back().key, before.key);
  EXPECT_EQ(watch.decisions.back().reason, before.reason) << "the hook is told the same under the same key";
  EXPECT_EQ(watch.decisions.back().at, before.at);
  EXPECT_EQ(watch.phase_reason, "ordered by anna");
}

TEST_F(Reviewer, WhatCannotBeAppliedChangesNoPhase) {
  watch.phase = Phase::passed;
  EXPECT_EQ(apply(watch, {Event::settled, std::nullopt, "too late"}, moment()).phase, Phase::passed);
}

TEST_F(Reviewer, AnEndStopsTheClockAndCountsTheReleaseOnce) {
  watch.phase = Phase::watching;
  watch = apply(watch, {Event::window_breached, std::nullopt, "it broke"}, moment(2h));
  EXPECT_EQ(watch.phase, Phase::breached);
  EXPECT_TRUE(watch.judged);
  EXPECT_TRUE(watch.failed);
  EXPECT_EQ(watch.ended_at, moment(2h).wall);
  EXPECT_EQ(watch.clock.age(moment(5h)), watch.clock.age(moment(2h)));
}

}  // namespace
}  // namespace guard::core
