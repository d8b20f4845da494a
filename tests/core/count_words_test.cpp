// SPDX-License-Identifier: Apache-2.0
//
// What is told of a count of events.
#include "guard/core/count_words.hpp"

#include "guard/core/counted_progress.hpp"
#include "tests/core/counting.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guard::core {
namespace {

// Of so many events now, and of so many where they are held against.
Events events(double now, double then) {
  return {then, now + then};
}

TEST(CountWords, SetWhatCameAgainstWhatCameBefore) {
  EXPECT_EQ(count_words(count_rule(), events(1240, 1300), week),
            "1240 so far, where 1300 came 1w before, 95.4% against >= 50% of baseline");
}

TEST(CountWords, KnowNoShareOfNothing) {
  EXPECT_EQ(count_words(count_rule(), events(3, 0), 2h), "3 so far, where 0 came 2h before, >= 50% of baseline");
}

TEST(CountWords, AreOfTheLatestArrivalsWhereThereAreTooFew) {
  ShareState state;
  state.minute = {{moment().wall, {}}, {moment(5min).wall, events(12, 60)}};
  EXPECT_EQ(span_of_recent(state), 5min);
  EXPECT_TRUE(few_words(count_rule(), state, week).starts_with("12 in 5m, where 60 came 1w before, 20% against"));
}

TEST(CountWords, SayFromHowManyOnItCanBeJudged) {
  ShareState state;
  state.events = events(0, 7);
  EXPECT_EQ(too_few_expected_words(count_rule(), state),
            fmt::format("7 expected so far, and it can be judged from {} on", needed_events(count_rule())));
}

}  // namespace
}  // namespace guard::core
