// SPDX-License-Identifier: Apache-2.0
#include "guard/core/evidence.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

TEST(Evidence, ARuleDecidesByWhatComesLast) {
  auto rule = error_rate();
  EXPECT_TRUE(decides(rule));
  rule.action = Action::warn;
  EXPECT_FALSE(decides(rule));
  rule.action = Action::call;
  rule.remedy = Remedy{"restart", 2min, Action::rollback};
  EXPECT_TRUE(decides(rule)) << "once its hook has not helped";
  rule.remedy->then = Action::warn;
  EXPECT_FALSE(decides(rule));
}

TEST(Evidence, SaysWhatWasReadOrThatNothingWas) {
  RuleState state;
  EXPECT_EQ(evidence(error_rate(), state), "error_rate: not read yet");
  state.last = reading(Outcome::breach, moment());
  state.last->detail = "20%";
  EXPECT_EQ(evidence(error_rate(), state), "error_rate: 20%");
}

TEST(Evidence, OnlyWhatThePolicyIgnoresIsExcused) {
  RuleState state;
  EXPECT_FALSE(excused(state));
  state.verdict = Verdict::unknown;
  state.reason = Reason::ignored;
  EXPECT_TRUE(excused(state));
}

}  // namespace
}  // namespace guard::core
