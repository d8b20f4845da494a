// SPDX-License-Identifier: Apache-2.0
//
// What the guard says through Alertmanager, as a table from where releases stand to the alerts that fire.
#include "tests/notify/own_alerts.hpp"

#include "guard/base/file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::UnorderedElementsAre;

struct Row {
  Phase phase;
  std::vector<model::Decision> decisions;
  std::vector<std::string> fires;
};

TEST(OwnAlerts, SayWhatEachPhaseMeansForPeople) {
  const auto rollback = [](CallState state) { return std::vector{decision(DecisionKind::rollback, state)}; };
  const std::vector<Row> table{
      {Phase::deploying, {}, {}},
      {Phase::settling, {}, {}},
      {Phase::watching, {}, {}},
      {Phase::watching, {decision(DecisionKind::hold)}, {"ReleaseGuardRollbackBlocked critical"}},
      {Phase::settling, {decision(DecisionKind::hold)}, {"ReleaseGuardRollbackBlocked critical"}},
      {Phase::watching, {decision(DecisionKind::would_rollback)}, {"ReleaseGuardWouldRollBack info"}},
      {Phase::watching, {decision(DecisionKind::call, CallState::calling)}, {"ReleaseGuardHookCalled info"}},
      {Phase::watching, {decision(DecisionKind::call, CallState::unknown)}, {"ReleaseGuardHookCallFailed warning"}},
      {Phase::watching,
       {decision(DecisionKind::hold), decision(DecisionKind::call, CallState::failed)},
       {"ReleaseGuardRollbackBlocked critical", "ReleaseGuardHookCallFailed warning"}},
      {Phase::awaiting_approval, {decision(DecisionKind::ask)}, {"ReleaseGuardAwaitingApproval critical"}},
      {Phase::rolling_back, rollback(CallState::decided), {"ReleaseGuardRollingBack warning"}},
      {Phase::rolling_back, rollback(CallState::calling), {"ReleaseGuardRollingBack warning"}},
      {Phase::verifying, rollback(CallState::confirmed), {"ReleaseGuardRollingBack warning"}},
      {Phase::passed, {}, {"ReleaseGuardReleasePassed info"}},
      {Phase::breached, {decision(DecisionKind::would_rollback)}, {"ReleaseGuardReleaseBreached warning"}},
      {Phase::unverified, {}, {"ReleaseGuardReleaseUnverified warning"}},
      {Phase::rolled_back, rollback(CallState::confirmed), {"ReleaseGuardRolledBack warning"}},
      {Phase::rollback_failed, rollback(CallState::failed), {"ReleaseGuardRollbackFailed critical"}},
      {Phase::rollback_failed, rollback(CallState::confirmed), {"ReleaseGuardRollbackFailed critical"}},
      {Phase::rollback_failed, rollback(CallState::unknown), {"ReleaseGuardRollbackUnknown critical"}},
      {Phase::aborted, {}, {"ReleaseGuardReleaseAborted info"}},
      {Phase::superseded, {}, {}}};
  for (const auto& row : table)
    EXPECT_EQ(names(alerts_of({release(row.phase, row.decisions)})), row.fires) << to_string(row.phase);
}

TEST(OwnAlerts, CarryWhatARollbackIsAbout) {
  const auto alert =
      alerts_of({release(Phase::rolled_back, {decision(DecisionKind::rollback, CallState::confirmed)})}, {}, some_links)
          .at(0);
  EXPECT_EQ(alert.labels, (model::Labels{{"alertname", "ReleaseGuardRolledBack"},
                                         {"severity", "warning"},
                                         {"source", "release-guard"},
                                         {"service", "shop"},
                                         {"environment", "production"},
                                         {"release", "r1"}}));
  EXPECT_EQ(alert.annotations,
            (model::Labels{{"summary", "shop v2 in production was rolled back to v1."},
                           {"description", "the reason of the phase. Find the cause before the next release."},
                           {"version", "v2"},
                           {"previous_version", "v1"},
                           {"slo", "error_rate"},
                           {"objective", "< 1%"},
                           {"why", evidence},
                           {"guard_did", "called hook promote, attempt 2: exit 0"},
                           {"page_url", "https://guard.example.org/#/releases/r1"},
                           {"report_url", "https://guard.example.org/#/releases/r1/report"},
                           {"dashboard_url",
                            "https://grafana.example.org/d/x?orgId=1&var-service=shop&var-environment=production"},
                           {"runbook_url", "docs/runbook.md#releaseguardrolledback"}}));
  EXPECT_EQ(alert.generator_url, alert.annotations.at("page_url"));
  EXPECT_EQ(alert.starts_at, noon - 5s);
}

TEST(OwnAlerts, SayWhomToCallWhereAPersonIsNeededAndNowhereElse) {
  auto held = release(Phase::watching, {decision(DecisionKind::hold)});
  auto passed = release(Phase::passed);
  for (auto* view : {&held, &passed}) view->contacts = {"Ada, @ada", "", "Grace"};
  EXPECT_EQ(alerts_of({held}).at(0).annotations.at("contacts"), "primary on-call: Ada, @ada; lead: Grace");
  EXPECT_THAT(alerts_of({passed}).at(0).annotations, testing::Not(testing::Contains(Key("contacts"))));
}

TEST(OwnAlerts, LeadToTheRunOfThePipelineWithoutAnyConfiguration) {
  auto passed = release(Phase::passed);
  passed.spec.labels = {{"run", "https://ci.example/run/7"}};
  EXPECT_EQ(alerts_of({passed}).at(0).annotations.at("run_url"), "https://ci.example/run/7");
  passed.spec.labels = {{"run", "javascript:alert(1)"}};
  EXPECT_THAT(alerts_of({passed}).at(0).annotations, testing::Not(testing::Contains(Key("run_url"))));
}

TEST(OwnAlerts, HaveNoLinkWhereNothingSaysWhereItWouldLead) {
  for (const auto& alert : alerts_of({release(Phase::passed)})) {
    EXPECT_EQ(alert.generator_url, "");
    EXPECT_THAT(alert.annotations,
                testing::Not(testing::Contains(Key(testing::AnyOf("page_url", "report_url", "dashboard_url")))));
  }
}

TEST(OwnAlerts, LinksSurviveAnyIdAndName) {
  auto odd = release(Phase::passed);
  odd.spec.id = "a b/c?d#e";
  odd.spec.service = "shop & co";
  const auto alert = alerts_of({odd}, {}, {"https://g", "https://d", ""}).at(0);
  EXPECT_EQ(alert.annotations.at("page_url"), "https://g/#/releases/a%20b%2Fc%3Fd%23e");
  EXPECT_EQ(alert.annotations.at("dashboard_url"), "https://d?var-service=shop%20%26%20co&var-environment=production");
}

TEST(OwnAlerts, AStartIsNewsForAnHour) {
  auto fresh = release(Phase::watching);
  fresh.announced_at = noon - 59min;
  fresh.window_end = noon + 1h + 20s;
  const auto alerts = alerts_of({fresh});
  ASSERT_THAT(names(alerts), ElementsAre("ReleaseGuardReleaseStarted info"));
  EXPECT_EQ(alerts[0].starts_at, fresh.announced_at);
  EXPECT_EQ(alerts[0].annotations.at("guard_did"), "watches its objectives until 2026-01-31 13:00:00 UTC");
  fresh.announced_at = noon - 1h;
  EXPECT_THAT(alerts_of({fresh}), IsEmpty());
}

TEST(OwnAlerts, ThatARollbackHelpedIsToldAtOnceAndThatItBrokeAgainCallsAPerson) {
  auto held = release(Phase::verifying, {decision(DecisionKind::rollback, CallState::confirmed)});
  held.held_again_at = noon - 10min;
  const auto told = alerts_of({held});
  ASSERT_THAT(names(told), ElementsAre("ReleaseGuardRolledBack warning"))
      << "and nothing inhibits the service's alerts";
  EXPECT_EQ(told[0].starts_at, noon - 10min);
  EXPECT_THAT(told[0].annotations.at("description"), HasSubstr("hold again since 2026-01-31 11:50:00 UTC"));
  auto over = held;
  over.phase = Phase::rolled_back;
  over.ended_at = noon;
  EXPECT_EQ(alerts_of({over}), told) << "its end is not told a second time";
  over.held_again_at = noon - 1h;
  EXPECT_THAT(alerts_of({over}), IsEmpty());
  held.broken_again_at = noon - 1min;
  held.reason = "after the rollback it held, and broke again: error_rate: 20% against < 1%";
  const auto broken = alerts_of({held});
  ASSERT_THAT(names(broken), ElementsAre("ReleaseGuardBrokenAgain critical"));
  EXPECT_EQ(broken[0].starts_at, noon - 1min);
  EXPECT_EQ(broken[0].annotations.at("why"), held.reason);
}

TEST(OwnAlerts, AStartPromisesNoMoreThanIsKept) {
  auto fresh = release(Phase::watching);
  fresh.announced_at = noon - 1min;
  EXPECT_EQ(alerts_of({fresh})[0].annotations.at("description"),
            "It replaces v1. The guard tells how it ends, unless a newer release takes its place.");
  const auto running = alerts_of({release(Phase::verifying, {decision(DecisionKind::rollback, CallState::confirmed)})});
  EXPECT_THAT(running[0].annotations.at("description"),
              HasSubstr("tells whether it worked, unless a newer release takes its place."));
}

TEST(OwnAlerts, AStartSaysInSpiteOfWhatItBegan) {
  auto fresh = release(Phase::watching);
  fresh.announced_at = noon - 1min;
  fresh.unproven = "a freeze until 12:30: the sale";
  EXPECT_THAT(alerts_of({fresh})[0].annotations.at("description"),
              HasSubstr("It replaces v1. A warning: a freeze until 12:30: the sale. The guard tells how it ends"));
}

TEST(OwnAlerts, APausedReleaseIsLiveAndNotWatched) {
  auto paused = release(Phase::watching);
  paused.announced_at = noon - 1min;
  paused.paused = true;
  auto said = alerts_of({paused}).at(0).annotations;
  EXPECT_EQ(said.at("summary"), "shop v2 in production is live, and its watch is paused.");
  EXPECT_EQ(said.at("guard_did"), "judges nothing until a person resumes the watch");
  auto deploying = paused;
  deploying.phase = Phase::deploying;
  deploying.paused = false;
  said = alerts_of({deploying}).at(0).annotations;
  EXPECT_EQ(said.at("summary"), "shop v2 in production is being deployed.");
  EXPECT_EQ(said.at("guard_did"), "waits until the pipeline says it is live");
}

TEST(OwnAlerts, AnAbortTellsWhoAndWhatTheGuardHadDone) {
  auto aborted = release(Phase::aborted);
  aborted.reason = "aborted by anna: a false alarm";
  auto said = alerts_of({aborted}).at(0).annotations;
  EXPECT_EQ(said.at("summary"), "shop v2 in production: the watch was aborted.");
  EXPECT_EQ(said.at("why"), "aborted by anna: a false alarm");
  EXPECT_EQ(said.at("guard_did"), "watches it no longer");
  EXPECT_THAT(said.at("description"), testing::HasSubstr("nobody is called"));
  aborted.decisions = {decision(DecisionKind::rollback, CallState::failed)};
  said = alerts_of({aborted}).at(0).annotations;
  EXPECT_EQ(said.at("why"), "aborted by anna: a false alarm");
  EXPECT_EQ(said.at("guard_did"), "called hook promote, attempt 2: exit 0; watches it no longer");
  aborted.decisions[0].attempts.clear();
  EXPECT_EQ(alerts_of({aborted}).at(0).annotations.at("guard_did"), "watches it no longer") << "it was never called";
}

TEST(OwnAlerts, AnEndIsNewsForAnHourButAFailedRollbackWhileItNeedsAPerson) {
  for (const auto phase : {Phase::passed, Phase::breached, Phase::unverified, Phase::rolled_back, Phase::aborted}) {
    auto old = release(phase);
    old.ended_at = noon - 1h;
    EXPECT_THAT(alerts_of({old}), IsEmpty()) << to_string(phase);
  }
  auto failed = release(Phase::rollback_failed, {decision(DecisionKind::rollback, CallState::failed)});
  failed.ended_at = noon - 48h;
  EXPECT_THAT(names(alerts_of({failed})), ElementsAre("ReleaseGuardRollbackFailed critical"));
  failed.needs_person.reset();
  EXPECT_THAT(alerts_of({failed}), IsEmpty());
}

TEST(OwnAlerts, ABlockedRollbackSaysWhetherTheBreachStillStands) {
  auto held = release(Phase::watching, {decision(DecisionKind::hold, CallState::none, Brake::kill_switch)});
  held.breach_stands = true;
  EXPECT_EQ(alerts_of({held})[0].annotations.at("summary"),
            "shop v2 in production is in breach and is not rolled back (kill switch).");
  held.breach_stands = false;
  EXPECT_EQ(alerts_of({held})[0].annotations.at("summary"),
            "shop v2 in production was in breach and was not rolled back (kill switch); at the latest reading its "
            "objectives hold.");
}

TEST(OwnAlerts, TheRunbookIsWhereTheConfigurationSaysItStands) {
  const auto alert = alerts_of({release(Phase::passed)}, {}, {"", "", "https://wiki.example.org/runbook"}).at(0);
  EXPECT_EQ(alert.annotations.at("runbook_url"), "https://wiki.example.org/runbook#releaseguardreleasepassed");
}

TEST(OwnAlerts, TroubleWithTheStoreIsOfNoRelease) {
  Health health;
  health.store_trouble = {"database or disk is full", noon - 1min};
  const auto alert = alerts_of({}, health).at(0);
  EXPECT_EQ(alert.labels,
            (model::Labels{
                {"alertname", "ReleaseGuardStoreTrouble"}, {"severity", "critical"}, {"source", "release-guard"}}));
  EXPECT_EQ(alert.starts_at, noon - 1min);
  EXPECT_EQ(alert.annotations.at("why"), "database or disk is full");
}

TEST(OwnAlerts, TheMostPressingComesFirst) {
  auto failed = release(Phase::rollback_failed, {decision(DecisionKind::rollback, CallState::failed)});
  auto passed = release(Phase::passed);
  passed.spec.service = "cart";
  auto rolled = release(Phase::rolled_back);
  rolled.spec.service = "blog";
  EXPECT_THAT(names(alerts_of({passed, rolled, failed})),
              ElementsAre("ReleaseGuardRollbackFailed critical", "ReleaseGuardRolledBack warning",
                          "ReleaseGuardReleasePassed info"));
}

TEST(OwnAlerts, AlertsOfOneReleaseStayTheSameFromLookToLook) {
  const auto view = release(Phase::verifying, {decision(DecisionKind::rollback, CallState::confirmed)});
  EXPECT_EQ(notify::own_alerts({view}, {}, {}, noon), notify::own_alerts({view}, {}, {}, noon + 90s));
  auto moved = view;
  moved.rules[0].value = 0.4;
  moved.rules[0].explanation = "another reading";
  EXPECT_EQ(alerts_of({view}), alerts_of({moved})) << "a new reading is no change of what is told";
}

TEST(OwnAlerts, NothingButTheReleaseItselfTellsTwoOfThemApart) {
  auto other = release(Phase::passed);
  other.spec.version = "v3";
  auto labels = alerts_of({other}).at(0).labels;
  EXPECT_EQ(labels, alerts_of({release(Phase::passed)}).at(0).labels) << "a version is no label";
  other.spec.id = "r2";
  EXPECT_NE(alerts_of({other}).at(0).labels, labels) << "a second release is told of beside the first";
}

TEST(OwnAlerts, SayWhatTheOneWhoWroteTheRuleSaysIsToBeDone) {
  auto held = release(Phase::rolled_back, {decision(DecisionKind::rollback, CallState::confirmed)});
  EXPECT_FALSE(alerts_of({held}).at(0).annotations.contains("advice"));
  held.rules.at(0).annotations["advice"] = "restart the workers";
  EXPECT_EQ(alerts_of({held}).at(0).annotations.at("advice"), "restart the workers");
}

TEST(OwnAlerts, AreThoseThatTheShippedListNames) {
  std::string list;
  for (const auto& [kind, name] : EnumNames<alerts::OwnAlertKind>::table)
    list += fmt::format("- alertname: {}\n  severity: {}\n", name, to_string(notify::severity_of(kind)));
  std::string shipped;
  const auto text = read_file(std::string(SOURCE_DIR) + "/alertmanager/pushed-alerts.yml").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    const auto line = text.substr(at, end - at);
    if (line.starts_with("- alertname:") || line.starts_with("  severity:")) shipped += line;
    at = end;
  }
  EXPECT_EQ(shipped, list);
}

}  // namespace
}  // namespace guard::engine
