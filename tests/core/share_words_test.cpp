// SPDX-License-Identifier: Apache-2.0
//
// What is told of a share of events.
#include "guard/core/share_words.hpp"

#include "tests/support/counters.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

ShareState broken() {
  ShareState state;
  state.bets.bound = 0.01;
  state.bets.wealth = {0, 0, 0, 0, 40'321};
  state.incident.since = moment().wall;
  state.incident.events = {14, 62};
  state.counted_at = moment(75s).wall;
  state.events = {15, 400};
  state.decided = true;
  return state;
}

TEST(ShareWords, CountWhatFailedAndSayTheOdds) {
  EXPECT_EQ(broken_words(share_rule(), broken()),
            "14 of 62 in 1m15s, 22.6% against < 1%, by chance once in 40,000 watches");
}

TEST(ShareWords, SetTheNoiseOfTheTimeBeforeAgainstTheOdds) {
  auto state = broken();
  state.bets.noise = 4;
  EXPECT_TRUE(broken_words(share_rule(), state).ends_with("by chance once in 10,000 watches"));
}

TEST(ShareWords, DoNotCountWhatIsBeyondAllDoubt) {
  auto state = broken();
  state.bets.wealth[0] = 1e12;
  EXPECT_TRUE(broken_words(share_rule(), state).ends_with("not by chance"));
}

TEST(ShareWords, SayHowFarItIsWhileItIsNotDecided) {
  auto state = broken();
  state.decided = false;
  state.bets.wealth = {0, 0, 0, 0, 31.7};
  EXPECT_TRUE(broken_words(share_rule(), state).ends_with("50% of the way to a breach"));
}

TEST(ShareWords, SayOnHowMuchTheObjectiveWasKept) {
  auto state = broken();
  state.events = {0, 40};
  EXPECT_EQ(kept_words(share_rule(), state), "0 of 40; a share of up to 7.22% may hide behind that");
}

TEST(ShareWords, SayFromHowManyOnItCouldBeJudged) {
  auto state = broken();
  state.events = {0, 1};
  EXPECT_EQ(too_few_words(share_rule(), state), "1 so far, and it can be judged from 2 on");
}

}  // namespace
}  // namespace guard::core
