// SPDX-License-Identifier: Apache-2.0
#include "guard/core/phase_machine.hpp"
#include "guard/model/watch.hpp"
#include "tests/base/enum_table.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

TEST(EnumNames, EveryValueOfTheCoreHasOneName) {
  expect_complete_tables<Phase, ReleaseKind, Event>();
  expect_complete_tables<MatchOp, Comparison, Unit>();
  expect_complete_tables<RuleKind, Reduce, MissingPolicy, Action, Preexisting, Mode>();
  expect_complete_tables<Outcome, Reason, Verdict>();
  expect_complete_tables<DecisionKind, Trigger, CallState, Brake, AttemptResult>();
}

}  // namespace
}  // namespace guard::core
