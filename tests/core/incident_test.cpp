// SPDX-License-Identifier: Apache-2.0
//
// What ends by itself within a minute, and what does not.
#include "guard/core/incident.hpp"

#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

class AnIncident : public testing::Test {
 protected:
  void arrive(double bad, double total) {
    const auto before = now_;
    now_ = now_ + interval;
    follow(state_, {now_.wall, {bad, total}}, before.wall, 0.01);
  }

  ShareState state_;
  Instant now_ = moment();
};

TEST_F(AnIncident, OfAMinuteMayEndByItself) {
  for (int i = 0; i < 5; ++i) {
    arrive(150, 150);
    EXPECT_TRUE(may_end_by_itself(state_)) << i;
  }
}

TEST_F(AnIncident, ThatLastsLongerDoesNot) {
  for (int i = 0; i < 6; ++i) arrive(150, 150);
  EXPECT_FALSE(may_end_by_itself(state_));
}

TEST_F(AnIncident, IsNotMadeLongerByTheNoiseBeforeIt) {
  for (int i = 0; i < 5; ++i) arrive(2, 150);
  for (int i = 0; i < 5; ++i) arrive(150, 150);
  EXPECT_TRUE(may_end_by_itself(state_));
}

TEST_F(AnIncident, MayBeOverWhenOnlyALittleOfItIsLeft) {
  for (int i = 0; i < 5; ++i) arrive(150, 150);
  arrive(3, 150);
  EXPECT_TRUE(may_end_by_itself(state_));
}

TEST_F(AnIncident, ThatComesBackIsTheSame) {
  for (int i = 0; i < 3; ++i) arrive(150, 150);
  for (int i = 0; i < 6; ++i) arrive(0, 150);
  arrive(150, 150);
  EXPECT_FALSE(may_end_by_itself(state_));
}

TEST_F(AnIncident, ComesBackAfterAMinuteWithoutIt) {
  for (int i = 0; i < 8; ++i) arrive(150, 150);
  EXPECT_FALSE(came_back(state_)) << "it is still there";
  for (int i = 0; i < 6; ++i) arrive(1, 150);
  EXPECT_FALSE(came_back(state_));
  arrive(3, 150);
  EXPECT_FALSE(came_back(state_)) << "that is not like it";
  arrive(100, 150);
  EXPECT_TRUE(came_back(state_));
  arrive(100, 150);
  EXPECT_FALSE(came_back(state_)) << "it was back before";
}

TEST_F(AnIncident, EndsOnceItsFailuresAreUsedUp) {
  arrive(3, 150);
  EXPECT_GT(state_.incident.excess, 0);
  for (int i = 0; i < 2; ++i) arrive(0, 150);
  EXPECT_EQ(state_.incident, Incident{});
}

TEST_F(AnIncident, CountsItsEventsFromTheFirst) {
  arrive(0, 150);
  arrive(5, 150);
  arrive(4, 150);
  EXPECT_EQ(state_.incident.events, (Events{9, 300}));
  EXPECT_EQ(state_.incident.since, moment(interval).wall);
}

TEST_F(AnIncident, RemembersAMinuteOnly) {
  for (int i = 0; i < 40; ++i) arrive(1, 150);
  EXPECT_EQ(state_.minute.size(), 5U);
  EXPECT_EQ(last_minute(state_), (Events{5, 750}));
}

TEST_F(AnIncident, OfAServiceThatIsReadEachSecondIsKeptAsBriefly) {
  for (int i = 0; i < 200; ++i) follow(state_, {moment(i * 1s).wall, {1, 10}}, moment(i * 1s - 1s).wall, 0.01);
  EXPECT_LE(state_.minute.size(), 17U);
}

}  // namespace
}  // namespace guard::core
