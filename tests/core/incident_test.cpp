// SPDX-License-Identifier: Apache-2.0
//
// What ends by itself within a minute, and what does not.
#include "guard/core/incident.hpp"

#include "tests/support/builders.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

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
  for (const auto bad : {75, 150, 150, 150, 75}) {
    arrive(bad, 150);
    EXPECT_TRUE(may_end_by_itself(state_, 0.01));
  }
}

TEST_F(AnIncident, ThatLastsLongerDoesNot) {
  for (const auto bad : {75, 150, 150, 150, 150, 75}) arrive(bad, 150);
  EXPECT_FALSE(may_end_by_itself(state_, 0.01));
}

TEST_F(AnIncident, ThatFillsTheScrapesAtBothEndsOfAMinuteHasLasted) {
  for (int i = 0; i < 4; ++i) arrive(150, 150);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01));
  arrive(150, 150);
  EXPECT_FALSE(may_end_by_itself(state_, 0.01));
}

TEST_F(AnIncident, IsNoneThroughoutWhenHardlyAnyFailInBetween) {
  for (const auto bad : {150, 0, 1, 0, 150}) arrive(bad, 150);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01));
}

TEST_F(AnIncident, DoesNotFillTheScrapeThatTellsOfAMissedOneToo) {
  for (const auto bad : {135, 150}) arrive(bad, 150);
  now_ = now_ + 2 * interval;
  arrive(300, 300);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01));
}

TEST_F(AnIncident, IsNotMadeLongerByThoseWhoComeBackMoreOftenAtItsEnds) {
  arrive(4000, 5000);
  for (int i = 0; i < 3; ++i) arrive(3000, 3000);
  arrive(4000, 5000);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01))
      << "five seconds at eight times the pace, 45 at twice, and five at eight";
}

TEST_F(AnIncident, WillHaveLastedAMinuteAfterSomethingLikeItsWorst) {
  for (const auto bad : {3, 2, 150, 150}) arrive(bad, 150);
  EXPECT_EQ(will_have_lasted(state_), moment(3 * interval + short_incident).wall);
}

TEST_F(AnIncident, OfFewEventsFillsAScrapeByChance) {
  for (int i = 0; i < 5; ++i) arrive(5, 5);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01));
  arrive(5, 5);
  EXPECT_FALSE(may_end_by_itself(state_, 0.01)) << "now it is older than a minute";
}

// Of what lasts a minute, and comes to `targets` one after the other: which of their scrapes shows how much of it.
struct AMinute {
  Duration scraped_each;
  Duration begins;  // after a scrape
  int targets;
  double again;  // who failed comes back as often as that

  double failing(Duration until) const {
    double out = 0;
    for (int target = 0; target < targets; ++target) {
      const auto to = until - scraped_each * target / targets;
      const auto common = std::min(to, begins + 1min) - std::max(to - scraped_each, begins);
      out += std::max(0.0, std::chrono::duration<double>(common).count());
    }
    return out / targets;
  }
};

bool is_taken_for_more(const AMinute& minute) {
  ShareState state;
  for (auto at = Duration{0}; at <= 3min; at += minute.scraped_each) {
    const auto failing = minute.failing(at);
    const auto bad = std::floor(1000 * minute.again * failing);
    const auto good = 1000 * (std::chrono::duration<double>(minute.scraped_each).count() - failing);
    follow(state, {moment(at).wall, {bad, bad + good}}, moment(at - minute.scraped_each).wall, 0.01);
    if (bad > 0 && !may_end_by_itself(state, 0.01)) return true;
  }
  return false;
}

TEST(AnIncidentOfAMinute, IsTakenForNoMoreWheneverItBegins) {
  for (const auto scraped_each : {5s, 10s, 15s, 20s, 30s, 60s})
    for (auto begins = Duration{0}; begins < scraped_each; begins += 500ms)
      for (const auto targets : {1, 2, 5})
        EXPECT_FALSE(is_taken_for_more({scraped_each, begins, targets, 1}))
            << scraped_each.count() << " s, " << targets << " targets, " << begins.count();
}

TEST(AnIncidentOfAMinute, IsTakenForNoMoreWhenThoseWhoFailComeBackAtOnce) {
  for (const auto scraped_each : {5s, 10s, 15s, 20s, 30s, 60s})
    for (auto begins = Duration{0}; begins < scraped_each; begins += 500ms)
      for (const auto again : {3.0, 10.0})
        EXPECT_FALSE(is_taken_for_more({scraped_each, begins, 1, again}))
            << scraped_each.count() << " s, " << again << " times, " << begins.count();
}

TEST_F(AnIncident, IsNotMadeLongerByOneFailureBeforeIt) {
  arrive(1, 5);
  for (int i = 0; i < 8; ++i) arrive(0, 5);
  for (const auto bad : {2, 5, 5, 5, 2}) {
    arrive(bad, 5);
    EXPECT_TRUE(may_end_by_itself(state_, 0.01)) << "that was one of 45, as the objective allows by chance";
  }
}

TEST_F(AnIncident, IsNotMadeLongerByTheNoiseBeforeIt) {
  for (int i = 0; i < 5; ++i) arrive(2, 150);
  for (const auto bad : {75, 150, 150, 150, 75}) arrive(bad, 150);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01));
}

TEST_F(AnIncident, MayBeOverWhenOnlyALittleOfItIsLeft) {
  for (const auto bad : {75, 150, 150, 150, 75}) arrive(bad, 150);
  arrive(3, 150);
  EXPECT_TRUE(may_end_by_itself(state_, 0.01));
}

TEST_F(AnIncident, ThatComesBackIsTheSame) {
  for (int i = 0; i < 3; ++i) arrive(150, 150);
  for (int i = 0; i < 6; ++i) arrive(0, 150);
  arrive(150, 150);
  EXPECT_FALSE(may_end_by_itself(state_, 0.01));
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
