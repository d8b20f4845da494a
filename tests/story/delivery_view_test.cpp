// SPDX-License-Identifier: Apache-2.0
#include "guard/story/delivery_view.hpp"

#include "guard/base/duration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::story {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const WallTime now = *parse_time("2026-01-31T12:00:00Z");
const core::Period month{now - 30 * 24h, now};

core::Deliveries some() {
  core::Deliveries out;
  out.all = {12, 11, 2, 1, 10min, 30min, 90s, 2min};
  out.places = {{{"shop", "production"}, out.all}};
  out.oldest_known = now - 60 * 24h;
  return out;
}

TEST(DeliveryView, SaysFrequencyShareAndTimes) {
  const auto view = delivery_view(some(), month, 90 * 24h);
  EXPECT_DOUBLE_EQ(view.all.deployments_per_week, 2.8);
  EXPECT_DOUBLE_EQ(view.all.change_failure_rate.value(), 2.0 / 11);
  EXPECT_EQ(frequency_text(view.all, view), "12 in 30d, 2.8 a week");
  EXPECT_EQ(failure_text(view.all), "2 of 11 that were judged failed, 18.2%");
  EXPECT_EQ(detect_text(view.all), "median 1m30s, 90% within 2m");
  EXPECT_EQ(restore_text(view.all), "median 10m, 90% within 30m; 1 not seen restored");
  EXPECT_THAT(view.notes, ElementsAre(HasSubstr("lead time for changes is not known")));
}

TEST(DeliveryView, MakesUpNoNumberWhereThereIsNone) {
  const auto view = delivery_view({}, month, 90 * 24h);
  EXPECT_EQ(view.all.change_failure_rate, std::nullopt);
  EXPECT_EQ(frequency_text(view.all, view), "none in 30d");
  EXPECT_EQ(failure_text(view.all), "none was judged to its end");
  EXPECT_EQ(restore_text(view.all), "nothing failed");
  EXPECT_THAT(view.notes, Contains("the guard knows no release yet"));
}

TEST(DeliveryView, AFailureThatStandsHasNoTimeYet) {
  DeliveryFigures figures;
  figures.failed = figures.unrestored = 1;
  EXPECT_EQ(restore_text(figures), "1 not seen restored");
}

TEST(DeliveryView, SaysWhereTheStorageForgetsSoonerThanIsAsked) {
  const auto view = delivery_view(some(), month, 7 * 24h);
  EXPECT_EQ(view.from, now - 7 * 24h);
  EXPECT_DOUBLE_EQ(view.all.deployments_per_week, 12) << "over the time that is known";
  EXPECT_THAT(view.notes, Contains(HasSubstr("the guard keeps releases for 1w only (--storage.retention)")));
  EXPECT_THAT(delivery_view(some(), month, 30 * 24h).notes, Not(Contains(HasSubstr("--storage.retention"))));
}

TEST(DeliveryView, SaysWhereTheGuardIsYoungerThanTheTime) {
  auto young = some();
  young.oldest_known = now - 24h;
  EXPECT_THAT(delivery_view(young, month, 90 * 24h).notes,
              Contains(HasSubstr("the first release that the guard knows was announced at 2026-01-30 12:00:00 UTC")));
}

}  // namespace
}  // namespace guard::story
