// SPDX-License-Identifier: Apache-2.0
#include "exporters/guard_metrics.hpp"

#include "exporters/exposition.hpp"

#include <chrono>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class GuardMetricsTest : public testing::Test {
 protected:
  GuardMetricsTest() {
    page_.add([this] { return metrics_; });
  }

  // True if the page has exactly this line.
  bool shows(const std::string& line) const {
    return ("\n" + page_.look(Format::text)()).find("\nrelease_guard_" + line + "\n") != std::string::npos;
  }

  std::shared_ptr<GuardMetrics> metrics_ =
      std::make_shared<GuardMetrics>(Build{"1.2.3", "abc", "2026-01-31", "GCC 12"});
  Exposition page_;
};

TEST_F(GuardMetricsTest, Fault19HowFarClocksAreApartIsShown) {
  metrics_->clock_compared("alertmanager", -90s);
  metrics_->clock_compared("prometheus", 1500ms);
  EXPECT_TRUE(shows("clock_skew_seconds{server=\"alertmanager\"} -90"));
  EXPECT_TRUE(shows("clock_skew_seconds{server=\"prometheus\"} 1.5"));
}

TEST_F(GuardMetricsTest, EverySeriesStandsAtZeroFromTheStart) {
  for (const auto* series : {
           "clock_skew_seconds{server=\"prometheus\"}",
           "clock_skew_seconds{server=\"alertmanager\"}",
           "releases_total{outcome=\"passed\"}",
           "releases_total{outcome=\"breached\"}",
           "releases_total{outcome=\"unverified\"}",
           "releases_total{outcome=\"rolled_back\"}",
           "releases_total{outcome=\"rollback_failed\"}",
           "releases_total{outcome=\"aborted\"}",
           "releases_total{outcome=\"superseded\"}",
           "releases_judged_total",
           "releases_failed_total",
           "rollbacks_total{result=\"confirmed\",trigger=\"objective\"}",
           "rollbacks_total{result=\"failed\",trigger=\"alert\"}",
           "rollbacks_total{result=\"unknown\",trigger=\"signal\"}",
           "rollbacks_total{result=\"confirmed\",trigger=\"manual\"}",
           "decisions_blocked_total{reason=\"cooldown\"}",
           "decisions_blocked_total{reason=\"breaker\"}",
           "decisions_blocked_total{reason=\"kill_switch\"}",
           "decisions_blocked_total{reason=\"is_rollback\"}",
           "decisions_blocked_total{reason=\"in_flight\"}",
           "decisions_total{by=\"guard\",kind=\"pass\"}",
           "decisions_total{by=\"guard\",kind=\"rollback\"}",
           "decisions_total{by=\"person\",kind=\"rollback\"}",
           "decisions_total{by=\"person\",kind=\"abort\"}",
           "decisions_overruled_total{kind=\"ask\"}",
           "decisions_overruled_total{kind=\"hold\"}",
           "evaluations_total{outcome=\"ok\"}",
           "evaluations_total{outcome=\"breach\"}",
           "evaluations_total{outcome=\"no_data\"}",
           "evaluations_total{outcome=\"error\"}",
           "evaluation_rounds_missed_total",
           "alerts_received_total{result=\"fresh\"}",
           "alerts_received_total{result=\"duplicate\"}",
           "alerts_received_total{result=\"own\"}",
           "alerts_received_total{result=\"invalid\"}",
           "alerts_received_total{result=\"refused\"}",
           "alerts_received_total{result=\"denied\"}",
           "events_received_total{result=\"taken\"}",
           "events_received_total{result=\"unchanged\"}",
           "events_received_total{result=\"ignored\"}",
           "events_received_total{result=\"invalid\"}",
           "events_received_total{result=\"refused\"}",
           "events_received_total{result=\"denied\"}",
           "hook_attempts_total{kind=\"command\",result=\"done\"}",
           "hook_attempts_total{kind=\"http\",result=\"unknown\"}",
           "query_failures_total",
           "journal_commit_failures_total",
           "query_duration_seconds_count",
           "hook_duration_seconds_count{kind=\"command\"}",
           "hook_duration_seconds_count{kind=\"http\"}",
           "detection_to_rollback_seconds_count",
           "journal_commit_seconds_count",
           "config_last_reload_successful",
           "config_last_reload_success_timestamp_seconds",
       })
    EXPECT_TRUE(shows(std::string(series) + " 0")) << series;
}

TEST_F(GuardMetricsTest, WhatCannotHappenIsNotPreCreated) {
  const auto text = page_.look(Format::text)();
  EXPECT_THAT(text, Not(HasSubstr("outcome=\"watching\"")));
  EXPECT_THAT(text, Not(HasSubstr("reason=\"none\"")));
  EXPECT_THAT(text, Not(HasSubstr("overruled_total{kind=\"pass\"")));
  EXPECT_THAT(text, Not(HasSubstr("decisions_total{by=\"person\",kind=\"pass\"")));
  EXPECT_THAT(text, Not(HasSubstr("result=\"running\"")));
}

TEST_F(GuardMetricsTest, SaysWhatIsRunningAndThatItDecides) {
  EXPECT_TRUE(shows("build_info{compiler=\"GCC 12\",date=\"2026-01-31\",revision=\"abc\",version=\"1.2.3\"} 1"));
  EXPECT_TRUE(shows("leader 1"));
}

TEST_F(GuardMetricsTest, AnUnknownRevisionIsLeftOut) {
  Exposition page;
  page.add([&] { return std::make_shared<GuardMetrics>(Build{"1.2.3", "", "", ""}); });
  EXPECT_THAT(page.look(Format::text)(), HasSubstr("release_guard_build_info{version=\"1.2.3\"} 1\n"));
}

TEST_F(GuardMetricsTest, CountsWhatTheEngineTells) {
  metrics_->evaluated(model::Outcome::breach);
  metrics_->round_missed();
  metrics_->happened(engine::Ended{model::Phase::rolled_back});
  metrics_->happened(engine::Judged{});
  metrics_->happened(engine::RollbackFinished{model::Trigger::objective, model::CallState::confirmed, {}});
  metrics_->happened(engine::DecisionMade{model::DecisionKind::hold, model::Brake::cooldown, false, {}});
  metrics_->happened(
      engine::DecisionMade{model::DecisionKind::abort, model::Brake::none, true, model::DecisionKind::ask});
  metrics_->alerts_received(engine::AlertIntake::duplicate, 3);
  metrics_->event_received(engine::EventIntake::unchanged);
  EXPECT_TRUE(shows("evaluations_total{outcome=\"breach\"} 1"));
  EXPECT_TRUE(shows("evaluation_rounds_missed_total 1"));
  EXPECT_TRUE(shows("releases_total{outcome=\"rolled_back\"} 1"));
  EXPECT_TRUE(shows("rollbacks_total{result=\"confirmed\",trigger=\"objective\"} 1"));
  EXPECT_TRUE(shows("detection_to_rollback_seconds_count 0")) << "nobody said when it was detected";
  EXPECT_TRUE(shows("releases_judged_total 1"));
  EXPECT_TRUE(shows("releases_failed_total 0"));
  EXPECT_TRUE(shows("decisions_total{by=\"guard\",kind=\"hold\"} 1"));
  EXPECT_TRUE(shows("decisions_total{by=\"person\",kind=\"abort\"} 1"));
  EXPECT_TRUE(shows("decisions_overruled_total{kind=\"ask\"} 1"));
  EXPECT_TRUE(shows("decisions_blocked_total{reason=\"cooldown\"} 1"));
  EXPECT_TRUE(shows("alerts_received_total{result=\"duplicate\"} 3"));
  EXPECT_TRUE(shows("events_received_total{result=\"unchanged\"} 1"));
}

TEST_F(GuardMetricsTest, MeasuresWhatTheEngineTells) {
  metrics_->queried(30ms, false);
  metrics_->hook_attempted("command", model::AttemptResult::done, 45s);
  metrics_->happened(engine::RollbackFinished{model::Trigger::alert, model::CallState::confirmed, 90s});
  metrics_->journal_committed(4ms, false);
  EXPECT_TRUE(shows("query_duration_seconds_bucket{le=\"0.025\"} 0"));
  EXPECT_TRUE(shows("query_duration_seconds_bucket{le=\"0.05\"} 1"));
  EXPECT_TRUE(shows("query_failures_total 1"));
  EXPECT_TRUE(shows("hook_attempts_total{kind=\"command\",result=\"done\"} 1"));
  EXPECT_TRUE(shows("hook_duration_seconds_sum{kind=\"command\"} 45"));
  EXPECT_TRUE(shows("detection_to_rollback_seconds_bucket{le=\"120\"} 1"));
  EXPECT_TRUE(shows("detection_to_rollback_seconds_bucket{le=\"3600\"} 1"));
  EXPECT_TRUE(shows("journal_commit_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_TRUE(shows("journal_commit_failures_total 1"));
}

TEST_F(GuardMetricsTest, AFailedReloadKeepsTheTimeOfTheLastGoodOne) {
  metrics_->reloaded(true, WallTime(1769860800s));
  metrics_->reloaded(false, WallTime(1769860860s));
  EXPECT_TRUE(shows("config_last_reload_successful 0"));
  EXPECT_TRUE(shows("config_last_reload_success_timestamp_seconds 1769860800"));
}

TEST_F(GuardMetricsTest, AClockThatWentBackDoesNotMakeASumNegative) {
  metrics_->queried(-5s, true);
  EXPECT_TRUE(shows("query_duration_seconds_sum 0"));
}

TEST_F(GuardMetricsTest, EveryLineIsACommentOrASample) {
  const std::regex comment(R"(# (HELP|TYPE) [a-z_]+ .+)");
  const std::regex sample(R"re([a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [-+.0-9eInf]+)re");
  std::istringstream page(page_.look(Format::text)());
  for (std::string line; std::getline(page, line);)
    EXPECT_TRUE(std::regex_match(line, comment) || std::regex_match(line, sample)) << line;
}

TEST_F(GuardMetricsTest, PushesAreCountedForEachAlertmanagerFromZero) {
  metrics_->alert_targets(2);
  EXPECT_TRUE(shows("alert_pushes_total{target=\"1\"} 0"));
  EXPECT_TRUE(shows("alert_push_last_success_timestamp_seconds{target=\"1\"} 0"));
  metrics_->alerts_pushed(0, true, WallTime{1500ms});
  metrics_->alerts_pushed(1, false, WallTime{2500ms});
  EXPECT_TRUE(shows("alert_pushes_total{target=\"0\"} 1"));
  EXPECT_TRUE(shows("alert_pushes_total{target=\"1\"} 1"));
  EXPECT_TRUE(shows("alert_push_failures_total{target=\"0\"} 0"));
  EXPECT_TRUE(shows("alert_push_failures_total{target=\"1\"} 1"));
  EXPECT_TRUE(shows("alert_push_last_success_timestamp_seconds{target=\"0\"} 1.5"));
  EXPECT_TRUE(shows("alert_push_last_success_timestamp_seconds{target=\"1\"} 0"));
}

TEST_F(GuardMetricsTest, AnAlertmanagerThatAReloadTookAwayDoesNotLookLikeOneThatFails) {
  metrics_->alert_targets(2);
  metrics_->alert_targets(1);
  EXPECT_THAT(page_.look(Format::text)(), Not(HasSubstr("last_success_timestamp_seconds{target=\"1\"}")));
  metrics_->alert_targets(2);
  metrics_->alerts_pushed(1, true, WallTime{1500ms});
  EXPECT_TRUE(shows("alert_push_last_success_timestamp_seconds{target=\"1\"} 1.5"));
}

TEST_F(GuardMetricsTest, MessagesAreCountedForEachReceiverFromZero) {
  metrics_->receivers({"incidents"});
  EXPECT_TRUE(shows("notifications_total{receiver=\"incidents\"} 0"));
  for (const auto* reason : {"clientError", "serverError", "contextDeadlineExceeded", "other"})
    EXPECT_TRUE(shows(fmt::format("notifications_failed_total{{reason=\"{}\",receiver=\"incidents\"}} 0", reason)));
  metrics_->notified("incidents", std::nullopt);
  metrics_->notified("incidents", receivers::FailureReason::server_error);
  EXPECT_TRUE(shows("notifications_total{receiver=\"incidents\"} 2"));
  EXPECT_TRUE(shows("notifications_failed_total{reason=\"serverError\",receiver=\"incidents\"} 1"));
  metrics_->receivers({"incidents"});
  EXPECT_TRUE(shows("notifications_total{receiver=\"incidents\"} 2")) << "a reload takes nothing back";
}

}  // namespace
}  // namespace guard::exporters
