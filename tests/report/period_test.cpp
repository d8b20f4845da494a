// SPDX-License-Identifier: Apache-2.0
#include "guard/report/period.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/support/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::report {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Report rolled_back() {
  Report report;
  report.view = test::full_view();
  report.view.phase = model::Phase::rolled_back;
  report.view.final = true;
  report.view.ended_at = *parse_time("2026-01-31T12:30:00Z");
  report.view.held_again_at = *parse_time("2026-01-31T12:06:00Z");
  report.timeline = test::some_timeline();
  report.series = {test::some_series()};
  const auto live = *report.view.live_at;
  report.failure =
      story::FailureView{report.view.spec.id, "shop", "production", "v2", live, live + 4min, live + 6min, {}};
  return report;
}

Period some() {
  Period period;
  period.places.environment = "production";
  period.releases = {rolled_back()};
  period.delivery.from = *parse_time("2026-01-30T13:00:00Z");
  period.delivery.to = *parse_time("2026-01-31T13:00:00Z");
  period.delivery.all.deployments = period.delivery.all.judged = period.delivery.all.failed = 1;
  period.delivery.all.change_failure_rate = 1;
  period.delivery.notes = {"lead time is not known"};
  return period;
}

TEST(PeriodReport, SaysTheSameInTextMarkdownAndHtml) {
  for (const auto format : {PeriodFormat::text, PeriodFormat::md, PeriodFormat::html})
    EXPECT_THAT(written(some(), format).body,
                AllOf(HasSubstr("Releases in production in 1d"), HasSubstr("1 of 1 that were judged failed"),
                      HasSubstr("Rolled back"), HasSubstr("after 4m"), HasSubstr("4m after it went live"),
                      HasSubstr("2m after it was noticed"), HasSubstr("Who decided"), HasSubstr("the guard"),
                      HasSubstr("What was the cause?"), HasSubstr("Investigate the root cause"),
                      HasSubstr("No alert that a rule reads fired.")))
        << to_string(format);
}

TEST(PeriodReport, HasTheFiguresOfEachRuleAndItsEvidence) {
  EXPECT_THAT(written(some(), PeriodFormat::text).body,
              AllOf(HasSubstr("Objectives while it was live"), HasSubstr("error_rate"), HasSubstr("30% at"),
                    HasSubstr("20% against < 1% since 12:04")));
}

TEST(PeriodReport, OfATimeWithoutReleasesSaysSoAndAsksForNothing) {
  auto period = some();
  period.releases.clear();
  EXPECT_THAT(written(period, PeriodFormat::md).body,
              AllOf(HasSubstr("No release in this time."), Not(HasSubstr("Within 24 hours"))));
}

TEST(PeriodReport, SaysWhatHoldsBackAndWhatIsLeftOut) {
  auto period = some();
  period.in_force.kill_switch = true;
  period.in_force.freezes = {{*parse_time("2026-02-01T00:00:00Z"), "the sale"}};
  period.left_out = 7;
  EXPECT_THAT(written(period, PeriodFormat::text).body,
              AllOf(HasSubstr("the kill switch is on"), HasSubstr("frozen until 2026-02-01 00:00:00 UTC: the sale"),
                    HasSubstr("7 older releases are left out")));
}

TEST(PeriodReport, NamesWhoDecided) {
  auto period = some();
  period.releases[0].view.decisions[0].actor = "kim";
  EXPECT_THAT(written(period, PeriodFormat::text).body, HasSubstr("by kim"));
}

TEST(PeriodReport, IsJsonForPrograms) {
  const auto told = *parse_json(written(some(), PeriodFormat::json).body);
  EXPECT_EQ(told.at("environment"), "production");
  EXPECT_TRUE(told.at("service").is_null());
  EXPECT_EQ(told.at("figures").at("all").at("failed"), 1);
  const auto& release = told.at("releases").at(0);
  EXPECT_EQ(release.at("outcome"), "rolled_back");
  EXPECT_EQ(release.at("failure").at("detected_at"), "2026-01-31T12:04:00.000Z");
  EXPECT_FALSE(release.at("open_questions").as_array().empty());
  EXPECT_EQ(told.at("tasks").at(0).at("task"), "Review deployment metrics and performance");
}

TEST(PeriodReport, BelongsToItWhatHappenedInItOrIsNotOver) {
  auto view = rolled_back().view;
  view.needs_person.reset();
  EXPECT_TRUE(belongs_to(view, *parse_time("2026-01-31T12:29:00Z"))) << "it ended after";
  EXPECT_FALSE(belongs_to(view, *parse_time("2026-01-31T12:31:00Z")));
  view.needs_person = "look";
  EXPECT_TRUE(belongs_to(view, *parse_time("2026-01-31T12:31:00Z")));
  view.needs_person.reset();
  view.final = false;
  EXPECT_TRUE(belongs_to(view, *parse_time("2026-02-28T00:00:00Z")));
}

}  // namespace
}  // namespace guard::report
