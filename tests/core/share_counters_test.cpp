// SPDX-License-Identifier: Apache-2.0
//
// A share whose counters do not fit: what is no answer, and what cannot be the part of a whole.
#include "tests/core/sharing.hpp"

namespace guard::core {
namespace {

TEST_F(AShare, OfASelectorThatIsTooWideIsAnError) {
  const std::vector<Sample> many(200'001);
  read({many, std::vector<Sample>{}}, moment(1min));
  EXPECT_EQ(last().reason, Reason::wrong_type);
}

TEST_F(AShare, OfAServerThatDoesNotAnswerIsAnError) {
  const SourceError away{Reason::query_failed, "away", true};
  read({std::unexpected(away), std::vector<Sample>{}}, moment(1min));
  EXPECT_EQ(last().outcome, Outcome::error);
  read({std::vector<Sample>{}, std::unexpected(away)}, moment(2min));
  EXPECT_EQ(last().outcome, Outcome::error);
}

TEST_F(AShare, WithoutASeriesOfTheReleaseIsNoData) {
  read({std::vector<Sample>{}, std::vector<Sample>{}}, moment(1min));
  EXPECT_EQ(last().reason, Reason::empty_result);
}

TEST_F(AShare, OfOldSamplesIsNoData) {
  change([](RuleGroup& group) { group.rules[0].max_age = 1min; });
  read({all_of(service_).total, std::vector<Sample>{}}, moment(2min));
  EXPECT_EQ(last().reason, Reason::stale_sample);
}

TEST_F(AShare, WhoseGoodEventsAreNowhereIsBlind) {
  change_share([](Share& share) { share.part_is_good = true; });
  read({all_of(service_).total, std::vector<Sample>{}}, moment(10s));
  EXPECT_EQ(last().outcome, Outcome::error);
  EXPECT_EQ(last().reason, Reason::blind);
}

TEST_F(AShare, WhosePartIsMoreThanTheWholeIsAnErrorAndNeverABreach) {
  const auto fail_twice = [&](int times) {
    for (int i = 0; i < times; ++i) {
      service_.scrape(1, 1);
      const auto at = service_.now() + -interval + Duration(100ms);
      auto bad = service_.bad();
      for (auto& sample : bad) sample.value *= 2;
      const auto range = counted_range(watch_, 0, at);
      read({in_range(service_.total(), at.wall, range), in_range(bad, at.wall, range)}, at);
      ASSERT_NE(last().outcome, Outcome::ok);
      ASSERT_NE(last().outcome, Outcome::breach);
    }
  };
  fail_twice(20);
  EXPECT_EQ(last().reason, Reason::blind);
  EXPECT_THAT(last().detail, HasSubstr("`bad` counts 36 events where `total` counts 18, and a part is never more"));
  EXPECT_EQ(state().share->events, Events{});
}

TEST_F(AShare, OfGoodEventsThatAreMoreThanAllIsAnError) {
  change_share([](Share& share) { share.part_is_good = true; });
  for (int i = 0; i < 10; ++i) {
    service_.scrape(7, 0);
    const auto at = service_.now() + -interval + Duration(100ms);
    auto good = service_.good();
    for (auto& sample : good) sample.value *= 1.01;
    read({service_.total(), good}, at);
    EXPECT_NE(last().outcome, Outcome::ok);
  }
  EXPECT_EQ(last().reason, Reason::blind);
  EXPECT_THAT(last().detail, HasSubstr("`good` counts "));
}

TEST_F(AShare, OfSeveralBucketsOfOneHistogramIsAnErrorAtOnce) {
  const auto bucket = [](const std::string& le) { return sample(7, {{"instance", "app-1"}, {"le", le}}, moment(10s)); };
  change_share([](Share& share) { share.part_is_good = true; });
  read({std::vector{bucket("+Inf")}, std::vector{bucket("1"), bucket("3")}}, moment(10s));
  EXPECT_EQ(last().reason, Reason::blind);
  EXPECT_THAT(last().detail, HasSubstr("`good` selects the buckets up to 1 and 3 of one histogram"));
  read({std::vector{bucket("1"), bucket("+Inf")}, std::vector{bucket("1")}}, moment(30s));
  EXPECT_THAT(last().detail, HasSubstr("`total` selects the buckets up to 1 and +Inf of one histogram"));
}

}  // namespace
}  // namespace guard::core
