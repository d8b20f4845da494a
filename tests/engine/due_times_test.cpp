// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/due_times.hpp"

#include "tests/engine/watching.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr MonoTime at(int seconds) {
  return MonoTime{std::chrono::seconds(seconds)};
}

TEST(DueTimes, GivesEachThatIsDueOnceInTheOrderOfTheirTimes) {
  engine::DueTimes due;
  due.at_latest("late", at(9));
  due.at_latest("second", at(2));
  due.at_latest("first", at(1));
  EXPECT_EQ(due.next(), at(1));
  EXPECT_THAT(due.take(at(2)), ElementsAre("first", "second"));
  EXPECT_THAT(due.take(at(2)), IsEmpty());
  EXPECT_EQ(due.next(), at(9));
}

TEST(DueTimes, TheEarliestTimeAskedForCounts) {
  engine::DueTimes due;
  due.at_latest("a", at(5));
  due.at_latest("a", at(9));
  EXPECT_EQ(due.next(), at(5));
  due.at_latest("a", at(1));
  EXPECT_THAT(due.take(at(1)), ElementsAre("a"));
  EXPECT_EQ(due.next(), MonoTime::max()) << "the other times were for the same look";
}

// What is due for one release is read without a look at the others: a test of the engine's use of it.
class Wakes : public Engine {};

TEST_F(Wakes, ATickWhereNothingIsDueSaysWhenTheNextThingIs) {
  watch();
  world.guard->tick();
  world.settle();
  const auto now = world.clock.now().mono;
  const auto next = world.guard->tick();
  EXPECT_GT(next, now) << "it would not sleep";
  EXPECT_LE(next, now + world.groups[0].interval);
}

TEST_F(Wakes, AReleaseThatHasEndedIsNoLongerLookedAt) {
  watch();
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  world.run(2s);
  const auto asked = world.metrics->asked;
  world.run(5s);
  EXPECT_EQ(world.metrics->asked, asked);
}

}  // namespace
}  // namespace guard::test
