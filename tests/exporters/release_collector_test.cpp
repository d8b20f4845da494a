// SPDX-License-Identifier: Apache-2.0
#include "exporters/release_collector.hpp"

#include "exporters/exposition.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using namespace std::chrono_literals;
using story::ReleaseView;
using story::RuleView;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime noon{1769860800s};

ReleaseView watched() {
  ReleaseView view;
  view.spec.id = "r1";
  view.spec.service = "shop";
  view.spec.environment = "production";
  view.spec.version = "2";
  view.spec.previous_version = "1";
  view.phase = model::Phase::watching;
  view.announced_at = noon;
  view.live_at = noon + 500ms;
  view.window_end = noon + 2h;
  RuleView rule;
  rule.slo = "error_rate";
  rule.value = 0.0125;
  rule.bound = 0.01;
  rule.verdict = model::Verdict::pending;
  rule.objective = "< 1%";
  rule.unit = model::Unit::ratio;
  rule.read_at = noon + 90s;
  view.rules = {rule};
  return view;
}

std::string render(std::vector<ReleaseView> views) {
  Exposition page;
  const auto collector = std::make_shared<ReleaseCollector>([views = std::move(views)] { return views; });
  page.add([collector] { return collector; });
  return page.look(Format::text)();
}

constexpr auto golden =
    R"(# HELP release_guard_release_breach_timestamp_seconds When a breach the guard decided on was first read, by rule, as Unix time.
# TYPE release_guard_release_breach_timestamp_seconds gauge
# HELP release_guard_release_decisions Decisions about the newest release, by kind.
# TYPE release_guard_release_decisions gauge
release_guard_release_decisions{service="shop",environment="production",kind="abort"} 0
release_guard_release_decisions{service="shop",environment="production",kind="ask"} 0
release_guard_release_decisions{service="shop",environment="production",kind="breached"} 0
release_guard_release_decisions{service="shop",environment="production",kind="call"} 0
release_guard_release_decisions{service="shop",environment="production",kind="hold"} 0
release_guard_release_decisions{service="shop",environment="production",kind="pass"} 0
release_guard_release_decisions{service="shop",environment="production",kind="rollback"} 0
release_guard_release_decisions{service="shop",environment="production",kind="supersede"} 0
release_guard_release_decisions{service="shop",environment="production",kind="unverified"} 0
release_guard_release_decisions{service="shop",environment="production",kind="would_rollback"} 0
# HELP release_guard_release_end_timestamp_seconds When the newest release came to its end, as Unix time.
# TYPE release_guard_release_end_timestamp_seconds gauge
# HELP release_guard_release_hook_attempts Calls of hooks for the newest release, by result.
# TYPE release_guard_release_hook_attempts gauge
release_guard_release_hook_attempts{service="shop",environment="production",result="done"} 0
release_guard_release_hook_attempts{service="shop",environment="production",result="failed"} 0
release_guard_release_hook_attempts{service="shop",environment="production",result="not_started"} 0
release_guard_release_hook_attempts{service="shop",environment="production",result="retry"} 0
release_guard_release_hook_attempts{service="shop",environment="production",result="running"} 0
release_guard_release_hook_attempts{service="shop",environment="production",result="unknown"} 0
# HELP release_guard_release_info Always 1; the labels name the newest release.
# TYPE release_guard_release_info gauge
release_guard_release_info{service="shop",environment="production",version="2",previous_version="1",release="r1"} 1
# HELP release_guard_release_last_evaluation_timestamp_seconds When the rule of the newest release that waits longest was last asked for, as Unix time.
# TYPE release_guard_release_last_evaluation_timestamp_seconds gauge
release_guard_release_last_evaluation_timestamp_seconds{service="shop",environment="production"} 1769860890
# HELP release_guard_release_live_timestamp_seconds When the newest release went live, as Unix time.
# TYPE release_guard_release_live_timestamp_seconds gauge
release_guard_release_live_timestamp_seconds{service="shop",environment="production"} 1769860800.5
# HELP release_guard_release_needs_person 1 while a release needs a person, also one before the newest.
# TYPE release_guard_release_needs_person gauge
release_guard_release_needs_person{service="shop",environment="production"} 0
# HELP release_guard_release_paused 1 while a person has paused the watch.
# TYPE release_guard_release_paused gauge
release_guard_release_paused{service="shop",environment="production"} 0
# HELP release_guard_release_phase 1 for the phase the newest release stands in, else 0.
# TYPE release_guard_release_phase gauge
release_guard_release_phase{service="shop",environment="production",phase="aborted"} 0
release_guard_release_phase{service="shop",environment="production",phase="awaiting_approval"} 0
release_guard_release_phase{service="shop",environment="production",phase="breached"} 0
release_guard_release_phase{service="shop",environment="production",phase="deploying"} 0
release_guard_release_phase{service="shop",environment="production",phase="passed"} 0
release_guard_release_phase{service="shop",environment="production",phase="rollback_failed"} 0
release_guard_release_phase{service="shop",environment="production",phase="rolled_back"} 0
release_guard_release_phase{service="shop",environment="production",phase="rolling_back"} 0
release_guard_release_phase{service="shop",environment="production",phase="settling"} 0
release_guard_release_phase{service="shop",environment="production",phase="superseded"} 0
release_guard_release_phase{service="shop",environment="production",phase="unverified"} 0
release_guard_release_phase{service="shop",environment="production",phase="verifying"} 0
release_guard_release_phase{service="shop",environment="production",phase="watching"} 1
# HELP release_guard_release_reading_lag_seconds How long the rounds of the newest release are late, by the rule that waits longest for its reading.
# TYPE release_guard_release_reading_lag_seconds gauge
release_guard_release_reading_lag_seconds{service="shop",environment="production"} 0
# HELP release_guard_release_rollback_timestamp_seconds When the newest rollback was decided, by what led to it, as Unix time.
# TYPE release_guard_release_rollback_timestamp_seconds gauge
# HELP release_guard_release_verify_end_timestamp_seconds While the newest release is verified after its rollback, when the time for that is over, as Unix time.
# TYPE release_guard_release_verify_end_timestamp_seconds gauge
# HELP release_guard_release_window_end_timestamp_seconds When the watch of the newest release ends, as Unix time.
# TYPE release_guard_release_window_end_timestamp_seconds gauge
release_guard_release_window_end_timestamp_seconds{service="shop",environment="production"} 1769868000
# HELP release_guard_rules_unread Rules that count and were not read for three intervals, also of a release before the newest.
# TYPE release_guard_rules_unread gauge
release_guard_rules_unread{service="shop",environment="production"} 0
# HELP release_guard_slo_baseline What a relative objective is measured against.
# TYPE release_guard_slo_baseline gauge
# HELP release_guard_slo_info Always 1; the labels say what the rule reads, what follows a breach, and the objective.
# TYPE release_guard_slo_info gauge
release_guard_slo_info{service="shop",environment="production",slo="error_rate",kind="expr",action="rollback",objective="< 1%",unit="ratio"} 1
# HELP release_guard_slo_objective The bound of the objective, in base units.
# TYPE release_guard_slo_objective gauge
release_guard_slo_objective{service="shop",environment="production",slo="error_rate"} 0.01
# HELP release_guard_slo_state 1 for the verdict the rule has, else 0.
# TYPE release_guard_slo_state gauge
release_guard_slo_state{service="shop",environment="production",slo="error_rate",state="breached"} 0
release_guard_slo_state{service="shop",environment="production",slo="error_rate",state="ok"} 0
release_guard_slo_state{service="shop",environment="production",slo="error_rate",state="pending"} 1
release_guard_slo_state{service="shop",environment="production",slo="error_rate",state="unknown"} 0
# HELP release_guard_slo_value What the rule last read, in base units.
# TYPE release_guard_slo_value gauge
release_guard_slo_value{service="shop",environment="production",slo="error_rate"} 0.0125
)";

TEST(ReleaseCollector, ShowsARelease) {
  EXPECT_EQ(render({watched()}), golden);
}

TEST(ReleaseCollector, ShowsOnlyTheNewestReleaseOfAPlace) {
  auto older = watched();
  older.spec.id = "r0";
  older.spec.version = "1";
  older.announced_at = noon - 1h;
  EXPECT_EQ(render({older, watched()}), golden);
  EXPECT_EQ(render({watched(), older}), golden);
}

TEST(ReleaseCollector, ShowsEachServiceAndEnvironment) {
  auto staging = watched();
  staging.spec.environment = "staging";
  const auto text = render({watched(), staging});
  EXPECT_THAT(text, HasSubstr("release_phase{service=\"shop\",environment=\"production\",phase=\"watching\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("release_phase{service=\"shop\",environment=\"staging\",phase=\"watching\"} 1\n"));
}

TEST(ReleaseCollector, AnEndedReleaseKeepsItsPhaseButShowsNoOldReadings) {
  auto ended = watched();
  ended.phase = model::Phase::rolled_back;
  const auto text = render({ended});
  EXPECT_THAT(text, HasSubstr("phase=\"rolled_back\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("slo=\"error_rate\"")));
}

TEST(ReleaseCollector, AReleaseThatIsNotLiveHasNoTimes) {
  auto deploying = watched();
  deploying.live_at.reset();
  deploying.window_end.reset();
  const auto text = render({deploying});
  EXPECT_THAT(text, Not(HasSubstr("live_timestamp_seconds{")));
  EXPECT_THAT(text, Not(HasSubstr("window_end_timestamp_seconds{")));
}

TEST(ReleaseCollector, AFailedRollbackNeedsAPersonUntilWhatComesAfterItIsLive) {
  auto failed = watched();
  failed.phase = model::Phase::rollback_failed;
  failed.needs_person = "roll back by hand";
  auto next = watched();
  next.announced_at = noon + 1h;
  next.phase = model::Phase::deploying;
  const auto text = render({failed, next});
  EXPECT_THAT(text, HasSubstr("phase=\"deploying\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("release_needs_person{service=\"shop\",environment=\"production\"} 1\n"));
}

TEST(ReleaseCollector, SaysWhenTheVerificationEnds) {
  auto verifying = watched();
  verifying.phase = model::Phase::verifying;
  verifying.verify_end = noon + 30min;
  EXPECT_THAT(
      render({verifying}),
      HasSubstr("release_verify_end_timestamp_seconds{service=\"shop\",environment=\"production\"} 1769862600\n"));
}

TEST(ReleaseCollector, SaysThatAPersonIsNeededAndThatItIsPaused) {
  auto view = watched();
  view.needs_person = "approve or abort";
  view.paused = true;
  view.rules[0].baseline = 20;
  const auto text = render({view});
  EXPECT_THAT(text, HasSubstr("release_needs_person{service=\"shop\",environment=\"production\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("release_paused{service=\"shop\",environment=\"production\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("slo_baseline{service=\"shop\",environment=\"production\",slo=\"error_rate\"} 20\n"));
}

model::Decision decided(model::DecisionKind kind, const std::string& slo, WallTime detected_at) {
  model::Decision decision;
  decision.kind = kind;
  decision.slo = slo;
  decision.at = detected_at + 1min;
  decision.detected_at = detected_at;
  return decision;
}

TEST(ReleaseCollector, SaysWhenItBrokeWhenItWasRolledBackAndWhenItEnded) {
  auto view = watched();
  view.phase = model::Phase::rolled_back;
  view.ended_at = noon + 30min;
  view.decisions = {decided(model::DecisionKind::hold, "error_rate", noon + 5min),
                    decided(model::DecisionKind::rollback, "error_rate", noon + 6min)};
  const auto text = render({view});
  const std::string place = "{service=\"shop\",environment=\"production\"";
  EXPECT_THAT(text, HasSubstr("breach_timestamp_seconds" + place + ",slo=\"error_rate\"} 1769861100\n"));
  EXPECT_THAT(text, HasSubstr("rollback_timestamp_seconds" + place + ",trigger=\"objective\"} 1769861220\n"));
  EXPECT_THAT(text, HasSubstr("end_timestamp_seconds" + place + "} 1769862600\n"));
  EXPECT_THAT(text, Not(HasSubstr("last_evaluation_timestamp_seconds{"))) << "nothing is read any more";
}

TEST(ReleaseCollector, CountsTheReleasesDecisionsAndHookCalls) {
  auto view = watched();
  auto rollback = decided(model::DecisionKind::rollback, "error_rate", noon);
  rollback.attempts.resize(2);
  rollback.attempts[0].result = model::AttemptResult::retry;
  rollback.attempts[1].result = model::AttemptResult::done;
  view.decisions = {decided(model::DecisionKind::hold, "error_rate", noon),
                    decided(model::DecisionKind::hold, "error_rate", noon), rollback};
  const auto text = render({view});
  EXPECT_THAT(text, HasSubstr("decisions{service=\"shop\",environment=\"production\",kind=\"hold\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("decisions{service=\"shop\",environment=\"production\",kind=\"rollback\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("attempts{service=\"shop\",environment=\"production\",result=\"retry\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("attempts{service=\"shop\",environment=\"production\",result=\"done\"} 1\n"));
}

TEST(ReleaseCollector, APersonsOrderIsNoBreach) {
  auto view = watched();
  view.decisions = {decided(model::DecisionKind::rollback, "", WallTime{})};
  EXPECT_THAT(render({view}), Not(HasSubstr("breach_timestamp_seconds{")));
}

TEST(ReleaseCollector, CountsTheRulesThatNobodyReadsAndSaysHowLateItIs) {
  auto older = watched();
  older.announced_at = noon - 1h;
  older.rules[0].unread_since = noon;
  auto newest = watched();
  newest.rules.push_back(newest.rules[0]);
  newest.rules[1].slo = "latency";
  newest.rules[1].unread_since = noon;
  newest.rules[1].read_at = noon + 10s;
  newest.reading_lag = 2500ms;
  const auto text = render({older, newest});
  EXPECT_THAT(text, HasSubstr("rules_unread{service=\"shop\",environment=\"production\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("release_reading_lag_seconds{service=\"shop\",environment=\"production\"} 2.5\n"));
  EXPECT_THAT(text, HasSubstr("release_last_evaluation_timestamp_seconds{service=\"shop\",environment=\"production\"} "
                              "1769860810\n"))
      << "the one that waits longest";
}

TEST(ReleaseCollector, Fault67HostileNamesCannotForgeALine) {
  auto view = watched();
  view.spec.version = "2\"} 1\nrelease_guard_leader 0\n#\\";
  EXPECT_THAT(render({view}), HasSubstr(R"(version="2\"} 1 release_guard_leader 0 #\\",)"));
}

TEST(ReleaseCollector, NamesThatAreEqualOnceShortenedMakeOneSeries) {
  auto one = watched();
  auto two = watched();
  one.spec.service = std::string(300, 's') + "1";
  two.spec.service = std::string(300, 's') + "2";
  two.announced_at += 1s;
  two.rules.push_back(two.rules[0]);
  const auto text = render({one, two});
  const auto line = "release_guard_slo_value{service=\"" + std::string(200, 's');
  EXPECT_THAT(text, HasSubstr(line));
  EXPECT_EQ(text.find(line), text.rfind(line));
}

}  // namespace
}  // namespace guard::exporters
