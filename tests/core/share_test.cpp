// SPDX-License-Identifier: Apache-2.0
//
// A share of events read scrape by scrape: what breaks a release, what does not, and what is said of it.
#include "guard/core/share.hpp"

#include "guard/core/missed.hpp"
#include "guard/core/share_before.hpp"
#include "tests/core/sharing.hpp"

namespace guard::core {
namespace {

TEST_F(AShare, IsKeptWhileFewFail) {
  for (int i = 0; i < 100; ++i) pass(150, i % 4 == 0 ? 2 : 0);
  EXPECT_EQ(state().verdict, Verdict::ok);
  EXPECT_THAT(last().detail, HasSubstr("50 of 15000 so far, 0.333% against < 1%"));
}

TEST_F(AShare, OfOneFailedRequestOfSeventyFiveIsNoBreach) {
  pass(4, 0, 10);
  pass(4, 1);
  pass(4, 0, 10);
  EXPECT_EQ(state().verdict, Verdict::ok);
  EXPECT_FALSE(state().latched);
}

TEST_F(AShare, ThatAllLoseIsBreachedAfterAMinute) {
  pass(150, 0, 4);
  pass(150, 150, 4);
  EXPECT_NE(state().verdict, Verdict::breached) << "a failover may last as long";
  pass(150, 150);
  EXPECT_EQ(state().verdict, Verdict::breached);
  EXPECT_EQ(state().reason, Reason::share_broken);
  EXPECT_TRUE(breach_stands(state()));
}

TEST_F(AShare, OfAFailoverThatEndsIsKept) {
  pass(150, 0, 4);
  pass(150, 75);
  pass(150, 150, 3);
  pass(150, 75);
  pass(150, 1, 100);
  EXPECT_FALSE(state().latched);
}

TEST_F(AShare, OfAFailoverThatComesBackIsBreached) {
  pass(150, 0, 4);
  pass(150, 150, 4);
  pass(150, 0, 8);
  pass(150, 150, 4);
  EXPECT_TRUE(state().latched);
}

TEST_F(AShare, OfBurstsThatComeBackIsBreachedAtTheSecond) {
  pass(150, 0, 40);
  pass(150, 40, 4);
  pass(150, 0, 25);
  pass(150, 40, 4);
  EXPECT_TRUE(state().latched);
}

TEST_F(AShare, OfAQuietServiceIsBreachedByAHandfulOfEvents) {
  pass(1, 0, 20);
  pass(1, 1, 6);
  EXPECT_TRUE(state().latched);
  EXPECT_THAT(last().detail, HasSubstr("6 of 6 in 1m30s, 100% against < 1%, "));
}

// Else it would be no bet, and what is won nothing that chance seldom wins.
TEST_F(AShare, StakesOnAnArrivalWhateverItBrings) {
  pass(150, 150, 3);
  pass(150, 1, 7);
  for (const double failed : {150.0, 1.0, 150.0, 150.0}) {
    const auto staked = [&](double other) {
      const auto watch = watch_;
      const auto service = service_;
      pass(150, other);
      const auto unspent = std::exchange(watch_, watch).rules[0].share->bets.unspent;
      service_ = service;
      return unspent;
    };
    EXPECT_EQ(staked(150), staked(0));
    pass(150, failed);
  }
  EXPECT_TRUE(state().share->bets.returned) << "a return was staked on";
}

class AShareAt : public AShare, public testing::WithParamInterface<double> {};

// However little confidence is asked for, and so however little its bets may be worth in that minute.
TEST_P(AShareAt, WhoseFailuresAreNotByChanceIsPendingUntilTheyHaveLasted) {
  change_share([](Share& share) { share.confidence = GetParam(); });
  pass(150, 0, 2);
  pass(150, 150, 4);
  EXPECT_EQ(state().verdict, Verdict::pending);
  EXPECT_THAT(last().detail, HasSubstr("100% against < 1%, not by chance, and a breach if it lasts for more than"));
  pass(150, 150, 2);
  EXPECT_EQ(state().verdict, Verdict::breached);
}

INSTANTIATE_TEST_SUITE_P(Confidence, AShareAt, testing::Values(0.9, 0.99, 0.9999));

TEST_F(AShare, SaysHowFarItIsToABreach) {
  pass(150, 5, 6);
  EXPECT_EQ(state().verdict, Verdict::pending);
  EXPECT_THAT(last().detail, HasSubstr("30 of 900 in 1m30s, 3.33% against < 1%, "));
  EXPECT_THAT(last().detail, HasSubstr("% of the way to a breach"));
}

TEST_F(AShare, SaysTheOddsOfABreach) {
  pass(150, 0, 4);
  pass(150, 8, 10);
  EXPECT_EQ(state().verdict, Verdict::breached);
  EXPECT_THAT(last().detail, testing::ContainsRegex("by chance once in [0-9,]+ watches"));
}

TEST_F(AShare, OfFewerEventsThanCanBeJudgedIsUnknown) {
  pass(1, 0);
  EXPECT_EQ(state().verdict, Verdict::unknown);
  EXPECT_EQ(last().reason, Reason::too_few_events);
  EXPECT_THAT(last().detail, HasSubstr("1 so far, and it can be judged from 2 on"));
  pass(1, 0);
  EXPECT_EQ(state().verdict, Verdict::ok);
}

TEST_F(AShare, OfFewerEventsThanTheRuleAsksForIsUnknown) {
  change_share([](Share& share) { share.min_events = 100; });
  pass(30, 0, 3);
  EXPECT_EQ(state().verdict, Verdict::unknown);
  pass(30, 0);
  EXPECT_EQ(state().verdict, Verdict::ok);
}

TEST_F(AShare, OfTooFewEventsMayBeLeftOut) {
  change([](RuleGroup& group) { group.rules[0].on_too_few = MissingPolicy::ignore; });
  pass(1, 0);
  EXPECT_EQ(state().reason, Reason::ignored);
}

TEST_F(AShare, WhatFailsWhileTheReleaseSettlesDoesNotCount) {
  change([](RuleGroup& group) { group.settle = 2min; });
  watch_.phase = Phase::settling;
  pass(150, 150, 8);
  watch_.phase = Phase::watching;
  pass(150, 0, 20);
  EXPECT_EQ(state().share->events.bad, 0);
  EXPECT_EQ(state().verdict, Verdict::ok);
}

TEST_F(AShare, WhatFailsInAPauseDoesNotCount) {
  pass(150, 0, 4);
  watch_.paused = true;
  pass(150, 150, 8);
  watch_.paused = false;
  pass_over(watch_, service_.now() + -interval);
  pass(150, 0, 8);
  EXPECT_EQ(state().share->events.bad, 0);
}

TEST_F(AShare, AfterAPauseAClockThatIsSetBackHidesNothing) {
  pass(150, 0, 4);
  const auto now = service_.now();
  pass_over(watch_, {now.wall + 1h, now.mono});
  pass(150, 15, 8);
  EXPECT_GT(state().share->events.bad, 0);
}

TEST_F(AShare, WhatWasMissedIsMadeUpFor) {
  pass(150, 0, 4);
  for (int i = 0; i < 20; ++i) service_.scrape(150, 15);
  read();
  EXPECT_TRUE(state().latched);
  EXPECT_EQ(state().share->events, (Events{300, 24 * 150}));
}

TEST_F(AShare, OfTheTimeThatWasMissedIsEvidence) {
  pass(150, 0, 4);
  const auto before = state().observed;
  for (int i = 0; i < 20; ++i) service_.scrape(150, 0);
  read();
  EXPECT_EQ(state().observed - before, 20 * interval);
}

TEST_F(AShare, ThatIsAboveTheObjectiveDoesNotHoldAgainAfterARollback) {
  watch_.phase = Phase::verifying;
  pass(150, 3, 8);
  EXPECT_NE(state().verdict, Verdict::ok);
}

TEST_F(AShare, OfABreachThatNobodySawAndThatIsOverLeavesNothingForASingleFailure) {
  pass(4, 0, 8);
  for (int i = 0; i < 12; ++i) service_.scrape(4, 4);
  for (int i = 0; i < 8; ++i) service_.scrape(4, 0);
  read();
  EXPECT_TRUE(came_and_went_);
  EXPECT_EQ(last().outcome, Outcome::ok);
  pass(4, 1);
  pass(4, 0, 20);
  pass(4, 1);
  EXPECT_FALSE(state().latched);
}

TEST_F(AShare, OfFewRequestsAMinuteIsBetterThanBeforeByAllThatCame) {
  state().past = {true, true, 0.2, 0};
  pass(1, 0, 10);
  EXPECT_TRUE(state().past.breached) << "ten without a failure may be chance";
  pass(1, 0, 50);
  EXPECT_FALSE(state().past.breached);
}

TEST_F(AShare, WhoseEvidenceIsForgottenNeedsAllOfItAgain) {
  pass(150, 150, 4);
  forget_streaks(state());
  pass(150, 150, 4);
  EXPECT_FALSE(state().latched);
  pass(150, 150);
  EXPECT_TRUE(state().latched);
}

TEST_F(AShare, WasNotDecidedBeforeThePastWasKnown) {
  CountedService before;
  for (int i = 0; i < 100; ++i) before.scrape(150, 30);
  state().past.known = false;
  pass(150, 30, 12);
  EXPECT_EQ(last().reason, Reason::past_unknown);
  read_share_before(watch_.group->rules[0], *watch_.group, shop(), all_of(before), state());
  pass(150, 30, 20);
  EXPECT_FALSE(state().latched);
}

TEST_F(AShare, IsFoundAlsoAfterAnOutageThatEndedBeforeTheRelease) {
  CountedService before;
  for (int i = 0; i < 200; ++i) before.scrape(150, i > 60 && i < 100 ? 150 : 0);
  read_share_before(watch_.group->rules[0], *watch_.group, shop(), all_of(before), state());
  EXPECT_FALSE(state().past.breached);
  pass(150, 0, 4);
  pass(150, 150, 9);
  EXPECT_TRUE(state().latched);
}

TEST_F(AShare, OfAnOldIncidentIsNotOverForAMinuteOfFewRequests) {
  CountedService before;
  for (int i = 0; i < 120; ++i) before.scrape(1, i % 5 == 0 ? 1 : 0);
  read_share_before(watch_.group->rules[0], *watch_.group, shop(), all_of(before), state());
  ASSERT_TRUE(state().past.breached);
  pass(1, 0, 6);
  EXPECT_TRUE(state().past.breached);
  pass(100, 0, 6);
  EXPECT_FALSE(state().past.breached) << "now it surely fails less";
}

TEST_F(AShare, ThatCouldNotBeReadBeforeAPauseDoesNotCountWhatFailedInIt) {
  for (int i = 0; i < 8; ++i) service_.scrape(150, 150);
  pass_over(watch_, service_.now() + -interval);
  pass(150, 0, 4);
  EXPECT_EQ(state().share->events.bad, 0);
}

TEST_F(AShare, WhoseEventsArePassedOverDoesNotCountThem) {
  pass(150, 0, 4);
  for (int i = 0; i < 20; ++i) service_.scrape(150, 150);
  pass_over(watch_, service_.now());
  pass(150, 0, 4);
  EXPECT_EQ(state().share->events.bad, 0);
}

TEST_F(AShare, IsHeldAgainstWhatStoodBefore) {
  CountedService before;
  for (int i = 0; i < 100; ++i) before.scrape(150, i < 60 ? 0 : 30);
  read_share_before(watch_.group->rules[0], *watch_.group, shop(), all_of(before), state());
  EXPECT_TRUE(state().past.breached);
  EXPECT_NEAR(*state().past.value, 0.2, 0.01);
  pass(150, 32, 40);
  EXPECT_EQ(state().reason, Reason::preexisting);
  pass(150, 120, 20);
  EXPECT_TRUE(state().latched) << "clearly worse than it was";
}

TEST_F(AShare, CountsAgainstTheReleaseOnceTheOldBreachHasEnded) {
  CountedService before;
  for (int i = 0; i < 100; ++i) before.scrape(150, 30);
  read_share_before(watch_.group->rules[0], *watch_.group, shop(), all_of(before), state());
  pass(150, 30, 4);
  pass(150, 0, 10);
  EXPECT_FALSE(state().past.breached);
  pass(150, 30, 12);
  EXPECT_TRUE(state().latched);
}

TEST_F(AShare, OfGoodEventsIsThatOfTheRest) {
  change_share([](Share& share) { share.part_is_good = true; });
  pass(150, 0, 4);
  pass(150, 30, 8);
  EXPECT_TRUE(state().latched);
}

TEST_F(AShare, IsNotReadBeyondTheEndOfTheWindow) {
  pass(150, 0, 4);
  while (service_.now().wall - moment().wall <= 2h) service_.scrape(150, 0);
  for (int i = 0; i < 20; ++i) service_.scrape(150, 150);
  read();
  EXPECT_EQ(state().share->events.bad, 0);
}

class AShareScrapedEach : public AShare, public testing::WithParamInterface<Duration> {};

TEST_P(AShareScrapedEach, TakesLittleRoom) {
  const auto each = GetParam();
  change([&](RuleGroup& group) { group.interval = each; });
  CountedService service("app-1", each);
  service.scrape(1000, 0);
  for (auto passed = Duration{0}; passed < 3min; passed += each) {
    service.scrape(150, 140);
    read(all_of(service), service.now() + -each + Duration(100ms));
    const auto& kept = *state().share;
    ASSERT_LE(sizeof(kept) + kept.minute.size() * sizeof(Arrival), 512U);
  }
  EXPECT_GT(state().share->minute.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Seconds, AShareScrapedEach, testing::Values(1s, 5s, 6s, 15s, 60s));

}  // namespace
}  // namespace guard::core
