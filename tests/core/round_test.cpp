// SPDX-License-Identifier: Apache-2.0
//
// A round is read in another phase than it was asked in only where it has settled meanwhile.
#include "guard/core/round.hpp"

#include "guard/core/questions.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

// Asked while the release settles, at this age, and read in `phase`.
std::optional<Reading> read_in(Phase phase, Duration age) {
  auto watch = shop_watch();
  watch.phase = Phase::settling;
  watch.rules[0].past.known = true;
  Answers answers;
  answers.asked = ask(watch, Part::measured, moment(age));
  for (const auto& question : answers.asked.queries) answers.keep(question, Samples({sample(0.001, {}, moment(age))}));
  watch.phase = phase;
  return read(watch, answers);
}

TEST(Round, OfASettledReleaseCountsThoughAlertsOrSignalsEndedSettlingFirst) {
  const auto reading = read_in(Phase::watching, 5min);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->watch.rules[0].verdict, Verdict::ok);
}

TEST(Round, AskedBeforeItHadSettledIsNotReadWhileItIsWatched) {
  EXPECT_FALSE(read_in(Phase::watching, 4min));
}

TEST(Round, AskedOfTheReleaseIsNotReadOfWhatCameBack) {
  EXPECT_FALSE(read_in(Phase::verifying, 5min));
}

}  // namespace
}  // namespace guard::core
