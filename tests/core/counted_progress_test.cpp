// SPDX-License-Identifier: Apache-2.0
//
// How far a rule is whose events are counted.
#include "guard/core/counted_progress.hpp"

#include "tests/core/sharing.hpp"

namespace guard::core {
namespace {

TEST_F(AShare, ThatSeesTooLittleIsToldOfWithinMinutes) {
  pass(0, 0, 39);
  EXPECT_EQ(falls_short(watch_, 0, moment(9min)), std::nullopt);
  pass(0, 0, 4);
  EXPECT_EQ(falls_short(watch_, 0, moment(11min)),
            "error_rate sees too few events: at this pace they will not be the 2 from which on it can be judged");
}

TEST_F(AShare, WhoseEventsComeSlowlyButWillSufficeIsNotToldOf) {
  change_share([](Share& share) { share.min_events = 100; });
  pass(1, 0, 45);
  EXPECT_EQ(state().verdict, Verdict::unknown);
  EXPECT_EQ(falls_short(watch_, 0, moment(11min)), std::nullopt);
}

TEST_F(AShare, IsAsFarAsItsBetsAreWon) {
  const auto& rule = watch_.group->rules[0];
  EXPECT_EQ(progress_of(rule, state()), 0);
  pass(150, 150, 2);
  const auto early = progress_of(rule, state());
  EXPECT_GT(early, 0);
  EXPECT_TRUE(has_yet_to_last(rule, *state().share)) << "a failover may be as bad";
  pass(150, 150, 4);
  EXPECT_EQ(progress_of(rule, state()), 1);
  EXPECT_FALSE(has_yet_to_last(rule, *state().share));
}

TEST_F(AShare, NeedsNoFewerEventsThanAreAskedFor) {
  EXPECT_EQ(needed_events(watch_.group->rules[0]), 2);
  change_share([](Share& share) { share.min_events = 100; });
  EXPECT_EQ(needed_events(watch_.group->rules[0]), 100);
}

}  // namespace
}  // namespace guard::core
