// SPDX-License-Identifier: Apache-2.0
//
// One watch and what its reviewer says next, for tests that set the states of its rules by hand.
#pragma once

#include "guard/core/reviewer.hpp"
#include "guard/core/rollback_order.hpp"
#include "tests/support/builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::core {

using testing::HasSubstr;

class Reviewer : public testing::Test {
 protected:
  // The group of the watch, for change.
  RuleGroup& group() {
    auto copy = std::make_shared<RuleGroup>(*watch.group);
    watch.group = copy;
    watch.rules.resize(copy->rules.size());
    return *copy;
  }
  void add_rule(Rule rule) {
    group().rules.push_back(std::move(rule));
    watch.rules.resize(watch.group->rules.size());
  }
  RuleState& rule(std::size_t index = 0) { return watch.rules[index]; }
  static RuleState good(Duration observed = 2h) {
    RuleState state;
    state.last = reading(Outcome::ok, moment());
    state.verdict = Verdict::ok;
    state.reason = Reason::objective_met;
    state.ok_for = state.observed = observed;
    return state;
  }
  static RuleState breached() {
    RuleState state;
    state.last = reading(Outcome::breach, moment());
    state.last->detail = "5% against < 1%";
    state.verdict = Verdict::breached;
    state.reason = Reason::breach_sustained;
    state.in_breach = state.standing = state.latched = true;
    state.breach_for = 1min;
    return state;
  }
  static RuleState reading_gone() {
    RuleState state;
    state.last = reading(Outcome::no_data, moment());
    state.reason = Reason::held;
    return state;
  }
  std::optional<Step> look(Duration age) { return review(watch, brakes, moment(age)); }
  // The event of the next step, "" where the step has none, "-" where there is no step.
  std::string next(Duration age) {
    const auto step = look(age);
    if (!step) return "-";
    return step->event ? std::string(to_string(*step->event)) : "";
  }
  void enter_verifying() {
    watch.phase = Phase::rolling_back;
    watch = apply(watch, hook_finished(watch, CallState::confirmed, "exit 0"), moment(10min));
    ASSERT_EQ(watch.phase, Phase::verifying);
  }

  Watch watch = shop_watch();
  BrakeState brakes;
};

}  // namespace guard::core
