// SPDX-License-Identifier: Apache-2.0
//
// Each event once: late samples, repeated ones, gaps, what is from before the release.
#include "guard/core/arrivals.hpp"

#include "guard/core/incident.hpp"
#include "tests/support/counters.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::DoubleEq;
using testing::SizeIs;

class Arrivals : public testing::Test {
 protected:
  // What a reading finds in a range that ends at the latest scrape.
  std::vector<Arrival> read(Duration range = 10min) {
    const auto now = service_.now() + -interval;
    return read_at(now.wall, range);
  }
  std::vector<Arrival> read_at(WallTime now, Duration range = 10min) {
    const Counting counting{since_, now, interval, {}};
    const Counters counters{in_range(service_.total(), now, range), in_range(service_.bad(), now, range), false};
    return new_arrivals(state_, *count_events(counters, counting), counting);
  }
  static Events sum(const std::vector<Arrival>& arrivals) {
    Events out;
    for (const auto& arrival : arrivals) add(out, arrival.events);
    return out;
  }

  CountedService service_;
  WallTime since_ = moment().wall;
  ShareState state_;
};

TEST_F(Arrivals, AreWhatCameSinceTheReadingBefore) {
  service_.scrape(100, 0);
  service_.scrape(10, 1);
  EXPECT_EQ(sum(read()), (Events{1, 10}));
  service_.scrape(20, 0);
  EXPECT_EQ(sum(read()), (Events{0, 20}));
}

TEST_F(Arrivals, AreNotCountedTwiceWhereNothingIsNew) {
  service_.scrape(100, 0);
  service_.scrape(10, 1);
  read();
  EXPECT_THAT(read_at(service_.now().wall), SizeIs(0));
}

TEST_F(Arrivals, OfAGapComeOneByOne) {
  service_.scrape(100, 0);
  read();
  for (int i = 0; i < 4; ++i) service_.scrape(10, i);
  const auto missed = read();
  ASSERT_THAT(missed, SizeIs(4));
  EXPECT_EQ(missed[3].events, (Events{3, 10}));
}

TEST_F(Arrivals, FromBeforeTheReleaseDoNotCount) {
  service_.scrape(100, 0);
  service_.scrape(10, 9);
  since_ = moment(interval + 5s).wall;
  service_.scrape(10, 8);  // of the time before, in part
  service_.scrape(10, 1);
  EXPECT_EQ(sum(read()), (Events{1, 10}));
}

TEST_F(Arrivals, LateSamplesAreCountedOnceTheyCome) {
  CountedService slow("app-2");
  for (auto* service : {&service_, &slow}) {
    service->scrape(100, 0);
    service->scrape(10, 0);
  }
  auto now = moment(interval + 1s).wall;
  auto counting = Counting{since_, now, interval, {}};
  const auto both = [&](bool late) {
    auto total = in_range(service_.total(), now, 10min);
    const auto more = in_range(slow.total(), late ? now : now - interval, 10min);
    total.insert(total.end(), more.begin(), more.end());
    return Counters{total, {}, false};
  };
  EXPECT_EQ(sum(new_arrivals(state_, *count_events(both(false), counting), counting)), (Events{0, 10}));
  EXPECT_THAT(new_arrivals(state_, *count_events(both(true), counting), counting), SizeIs(0))
      << "alone they may be all that failed";
  service_.scrape(20, 0);
  now += interval;
  counting.until = now;
  EXPECT_EQ(sum(new_arrivals(state_, *count_events(both(true), counting), counting)), (Events{0, 30}));
  EXPECT_THAT(new_arrivals(state_, *count_events(both(true), counting), counting), SizeIs(0));
}

TEST_F(Arrivals, AFailureThatIsReadBeforeItsScrapeIsKnownWaits) {
  service_.scrape(100, 0);
  service_.scrape(10, 1);
  const auto now = moment(interval).wall;
  const Counters ahead{in_range(service_.total(), now - 1s, 10min), in_range(service_.bad(), now, 10min), false};
  const Counting counting{since_, now, interval, {}};
  const auto events = count_events(ahead, counting);
  EXPECT_FALSE(events && sum(*events).bad > 0);
}

TEST_F(Arrivals, OfGoodEventsTheRestIsBad) {
  for (int i = 0; i < 3; ++i) service_.scrape(10, 4);
  const auto now = moment(2 * interval).wall;
  const Counters counters{in_range(service_.total(), now, 10min), in_range(service_.good(), now, 10min), true};
  const auto events = count_events(counters, {since_, now, interval, {}});
  ASSERT_TRUE(events);
  EXPECT_EQ(sum(*events), (Events{8, 20}));
}

TEST_F(Arrivals, OfWhichMoreAreBadThanThereAreWaitUntilBothFit) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EventsByTime events{{since_ + 15s, {1, 0}}};  // its request is counted after the scrape
  EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0));
  EXPECT_FALSE(never_fitting(state_, events, counting));
  events.push_back({since_ + 30s, {0, 1}});
  EXPECT_EQ(new_arrivals(state_, events, counting), (std::vector<Arrival>{{since_ + 30s, {1, 1}}}));
  EXPECT_FALSE(never_fitting(state_, events, counting));
}

TEST_F(Arrivals, OfWhichMoreAreGoodThanThereAreWaitAsWell) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EventsByTime events{{since_ + 15s, {0, 10}}, {since_ + 30s, {-1, 10}}};
  EXPECT_EQ(new_arrivals(state_, events, counting), (std::vector<Arrival>{{since_ + 15s, {0, 10}}}));
  events.push_back({since_ + 45s, {1, 10}});
  EXPECT_EQ(new_arrivals(state_, events, counting), (std::vector<Arrival>{{since_ + 45s, {0, 20}}}));
}

TEST_F(Arrivals, OfAThousandOneMayComeBetweenTwoCounters) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EXPECT_EQ(new_arrivals(state_, {{since_ + 15s, {-3, 4000}}}, counting),
            (std::vector<Arrival>{{since_ + 15s, {0, 4000}}}));
}

TEST_F(Arrivals, ThatWereOnTheirWayWhenCountingBeganHoldNothingUp) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EventsByTime events{{since_ + 15s, {15, 10}}};  // five failed that were counted as begun before
  EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0));
  events.push_back({since_ + 30s, {10, 10}});
  EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0));
  events.push_back({since_ + 45s, {10, 10}});
  EXPECT_EQ(new_arrivals(state_, events, counting), (std::vector<Arrival>{{since_ + 45s, {30, 30}}}));
  EXPECT_FALSE(never_fitting(state_, events, counting));
}

TEST_F(Arrivals, ThatNeverFitAreTold) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EventsByTime events;
  for (int i = 1; i <= 4; ++i) {
    EXPECT_FALSE(never_fitting(state_, events, counting)) << "late samples may still come";
    events.push_back({since_ + i * 15s, {2, 1}});
    EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0));
  }
  EXPECT_EQ(never_fitting(state_, events, counting), (Events{4, 2}));
  EXPECT_EQ(state_.counted_at, since_);
}

TEST_F(Arrivals, OfAQuietServiceMayHoldOneThatWasOnItsWay) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EventsByTime events{{since_ + 15s, {1, 0}}};
  for (int i = 2; i <= 20; ++i) {
    events.push_back({since_ + i * 15s, {0, 0}});
    EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0));
    EXPECT_FALSE(never_fitting(state_, events, counting));
  }
  events.push_back({since_ + 315s, {0, 1}});
  EXPECT_EQ(new_arrivals(state_, events, counting), (std::vector<Arrival>{{since_ + 315s, {1, 1}}}));
}

TEST_F(Arrivals, OfSeveralTargetsMayHoldOneOfEachThatWasOnItsWay) {
  const Counting counting{since_, since_ + 1h, interval, interval};
  EventsByTime events{{since_ + 3s, {1, 0}}, {since_ + 10s, {1, 0}}};
  for (int i = 1; i <= 20; ++i) events.push_back({since_ + 3s + i * 15s, {0, 0}});
  EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0));
  EXPECT_FALSE(never_fitting(state_, events, counting));
}

TEST_F(Arrivals, OfACounterThatBeganAnewAreNoMoreThanAll) {
  const auto counter = [](const std::string& name, double before, double after) {
    return std::vector<Sample>{
        sample(before, {{"__name__", name}, {"job", "shop"}, {"instance", "app-1"}}, moment()),
        sample(after, {{"__name__", name}, {"job", "shop"}, {"instance", "app-1"}}, moment(interval))};
  };
  // A process that was replaced by one that soon had more requests, and fewer failures.
  const Counters counters{counter("requests", 100, 110), counter("failures", 90, 80), false};
  const auto events = count_events(counters, {since_, moment(1min).wall, interval, interval});
  ASSERT_TRUE(events);
  EXPECT_EQ(events->back().events, (Events{10, 10}));
}

TEST_F(Arrivals, OfAScrapeThatHasNoGoodCountYetNothingIsSaid) {
  for (int i = 0; i < 3; ++i) service_.scrape(10, 0);
  const auto now = moment(2 * interval).wall;
  const Counters counters{in_range(service_.total(), now, 10min), in_range(service_.good(), now - 1s, 10min), true};
  EXPECT_EQ(sum(*count_events(counters, {since_, now, interval, {}})), (Events{0, 10}));
}

TEST_F(Arrivals, CountersOfDifferentScrapesCannotBeCompared) {
  for (int i = 0; i < 3; ++i) service_.scrape(10, 1);
  auto bad = service_.bad();
  for (auto& sample : bad) sample.at += 1s;
  EXPECT_FALSE(count_events({service_.total(), bad, false}, {since_, moment(1min).wall, interval, {}}));
}

TEST_F(Arrivals, AClockThatWasAheadLosesNothing) {
  service_.scrape(100, 0);
  read_at(moment(1h).wall);
  for (int i = 0; i < 3; ++i) service_.scrape(10, 0);
  EXPECT_EQ(sum(read()), (Events{0, 30}));
}

TEST_F(Arrivals, AMomentThatShowsInTheScrapesOfSeveralTargetsIsOne) {
  Counting counting{since_, since_ + 1h, interval, 2 * interval};
  EventsByTime events;
  const auto scrape = [&](Duration after) { events.push_back({since_ + after, {5, 10}}); };
  scrape(5s);
  scrape(15s);
  EXPECT_THAT(new_arrivals(state_, events, counting), SizeIs(0)) << "half of the targets are still to come";
  scrape(25s);
  EXPECT_EQ(new_arrivals(state_, events, counting), (std::vector<Arrival>{{since_ + 25s, {15, 30}}}));
}

TEST_F(Arrivals, TheTimeBetweenScrapesIsThatOfMost) {
  EXPECT_EQ(scrape_interval({}), Duration{0});
  for (int i = 0; i < 5; ++i) service_.scrape(1, 0);
  service_.miss();
  service_.scrape(1, 0);
  EXPECT_EQ(scrape_interval(service_.total()), interval);
  EXPECT_EQ(scrape_interval({service_.total().front()}), Duration{0});
}

TEST_F(Arrivals, OfAServiceThatIsQuietAreNoneAndAreNotAskedForAgain) {
  for (int i = 0; i < 10; ++i) service_.scrape(0, 0);
  EXPECT_THAT(read(), SizeIs(0));
  EXPECT_EQ(state_.counted_at, (service_.now() + -interval).wall);
}

}  // namespace
}  // namespace guard::core
