// SPDX-License-Identifier: Apache-2.0
#include "guard/core/rollback_order.hpp"

#include "tests/core/reviewing.hpp"

namespace guard::core {
namespace {

TEST_F(Reviewer, AnOrderIsRefusedWhereThePhaseDoesNotAllowIt) {
  watch.phase = Phase::rolled_back;
  EXPECT_THAT(order_rollback(watch, brakes, {"anna", ""}).error(), HasSubstr("the release is rolled back"));
  watch.phase = Phase::watching;
  brakes.in_flight = "r0";
  EXPECT_THAT(order_rollback(watch, brakes, {"anna", ""}).error(), HasSubstr("release r0"));
}

TEST_F(Reviewer, AnOrderThatNamesNoVersionGoesBackToTheOneBeforeOrToTheOneNobodyKnowsOf) {
  EXPECT_EQ(default_target(watch), watch.spec.previous_version);
  Decision rollback;
  rollback.number = 1;
  rollback.kind = DecisionKind::rollback;
  rollback.target = "v0.9.3";
  rollback.state = CallState::failed;
  watch.decisions = {rollback};
  EXPECT_EQ(default_target(watch), watch.spec.previous_version);
  watch.decisions[0].state = CallState::unknown;
  EXPECT_EQ(default_target(watch), "v0.9.3");
}

TEST_F(Reviewer, AnApprovalKeepsTheEvidenceThatWasAskedAbout) {
  group().rollback.mode = Mode::ask;
  rule() = breached();
  watch = apply(watch, *look(10min), moment(10min));
  ASSERT_EQ(watch.phase, Phase::awaiting_approval);
  const auto step = order_rollback(watch, brakes, {"anna", "agreed"});
  ASSERT_TRUE(step) << step.error();
  EXPECT_EQ(step->event, Event::approve);
  EXPECT_EQ(step->decision->slo, "error_rate");
  EXPECT_EQ(step->decision->trigger, Trigger::objective);
  EXPECT_EQ(step->decision->reason, "error_rate: 5% against < 1%; approved by anna: agreed");
}

TEST_F(Reviewer, AnOrderTellsWhatIsBrokenThen) {
  const auto words = [&] { return order_rollback(watch, brakes, {"anna", "customers complain"})->reason; };
  rule() = good();
  EXPECT_EQ(words(), "ordered by anna: customers complain");
  rule() = breached();
  EXPECT_EQ(words(), "ordered by anna: customers complain; broken: error_rate: 5% against < 1%");
  auto warning = watch.group->rules[0];
  warning.slo = "latency";
  warning.action = Action::warn;
  add_rule(warning);
  rule(1) = breached();
  rule(1).latched = false;
  EXPECT_EQ(words(),
            "ordered by anna: customers complain; broken: error_rate: 5% against < 1%; latency: 5% against < 1%");
  EXPECT_EQ(order_rollback(watch, brakes, {"anna", ""})->decision->trigger, Trigger::manual);
  rule(0).standing = rule(1).standing = false;
  EXPECT_EQ(words(), "ordered by anna: customers complain") << "it was broken before, at the latest reading it is not";
  rule() = breached();
  watch.phase = Phase::passed;
  EXPECT_EQ(words(), "ordered by anna: customers complain") << "nobody has read it since";
}

}  // namespace
}  // namespace guard::core
