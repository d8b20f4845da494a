// SPDX-License-Identifier: Apache-2.0
//
// What counters tell from one scrape to the next.
#include "guard/core/increases.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Labels ok_of_app{{"job", "shop"}, {"instance", "app-1"}, {"status", "200"}};
const Labels failed_of_app{{"job", "shop"}, {"instance", "app-1"}, {"status", "500"}};

Sample at(int scrape, double value, const Labels& labels = ok_of_app) {
  return sample(value, labels, moment(scrape * interval));
}

Increase from_to(int from, int to, double count) {
  return {moment(from * interval).wall, moment(to * interval).wall, count};
}

Increase anew(Increase increase) {
  increase.anew = true;
  return increase;
}

std::vector<Increase> increases_of(const std::vector<Sample>& samples) {
  return increases(samples, samples);
}

TEST(Increases, LieBetweenOneScrapeAndTheNext) {
  EXPECT_THAT(increases_of({at(0, 100), at(1, 110), at(2, 115)}), ElementsAre(from_to(0, 1, 10), from_to(1, 2, 5)));
}

TEST(Increases, ACounterThatFellBeganAnew) {
  EXPECT_THAT(increases_of({at(0, 100), at(1, 7)}), ElementsAre(anew(from_to(0, 1, 7))));
}

TEST(Increases, AMissedScrapeLosesNothing) {
  EXPECT_THAT(increases_of({at(0, 100), at(3, 130)}), ElementsAre(from_to(0, 3, 30)));
}

TEST(Increases, WhatStandsStillIsNone) {
  EXPECT_THAT(increases_of({at(0, 100), at(1, 100)}), IsEmpty());
}

TEST(Increases, ASeriesBornBesideOthersOfItsTargetCountsFromNothing) {
  EXPECT_THAT(increases_of({at(0, 100), at(1, 100), at(1, 1, failed_of_app)}), ElementsAre(from_to(0, 1, 1)));
}

TEST(Increases, TheScrapesAreKnownFromOtherSeries) {
  EXPECT_THAT(increases({at(1, 2, failed_of_app)}, {at(0, 100), at(1, 100)}), ElementsAre(from_to(0, 1, 2)));
}

TEST(Increases, ATargetThatAppearsBringsNothing) {
  EXPECT_THAT(increases_of({at(1, 5000), at(1, 40, failed_of_app)}), IsEmpty());
}

TEST(Increases, AnotherTargetSaysNothingOfWhenOneWasScraped) {
  const Labels other{{"job", "shop"}, {"instance", "app-2"}, {"status", "200"}};
  EXPECT_THAT(increases_of({at(0, 100), at(1, 100), at(1, 5000, other)}), IsEmpty());
}

TEST(Increases, WithoutAnInstanceNoSeriesIsKnownToBeNew) {
  EXPECT_THAT(increases_of({at(0, 100, {{"pod", "a"}}), at(1, 5000, {{"pod", "b"}})}), IsEmpty());
}

TEST(Increases, WhatIsNoCountIsLeftOut) {
  EXPECT_THAT(increases_of({at(0, 100), at(1, std::numeric_limits<double>::quiet_NaN()), at(2, -3), at(3, 104)}),
              ElementsAre(from_to(0, 3, 4)));
}

}  // namespace
}  // namespace guard::core
