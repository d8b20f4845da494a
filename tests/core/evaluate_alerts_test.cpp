// SPDX-License-Identifier: Apache-2.0
//
// Rules that listen to Alertmanager.
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace guard::core {
namespace {

FiringAlert alert(std::string name, Labels labels, Duration since = 1min) {
  labels["alertname"] = std::move(name);
  return {"f1", std::move(labels), moment(since).wall};
}

AlertsAnswer firing(std::vector<FiringAlert> alerts) {
  AlertsAnswer told;
  told.list = AlertList{std::move(alerts)};
  told.switch_began = moment().wall;
  return told;
}

Evaluation evaluate(const AlertsAnswer& told, const Rule& rule) {
  return evaluate_alerts(rule, shop(), told, moment(5min));
}

Rule critical() {
  return alerts_rule({"severity=\"critical\"", "service=\"{{ service }}\""});
}

const Labels ours{{"severity", "critical"}, {"service", "shop"}};

void expect(const Evaluation& evaluation, Outcome outcome, Reason reason) {
  EXPECT_EQ(to_string(evaluation.outcome), to_string(outcome)) << evaluation.detail;
  EXPECT_EQ(to_string(evaluation.reason), to_string(reason)) << evaluation.detail;
  EXPECT_EQ(evaluation.at, moment(5min));
}

TEST(EvaluateAlerts, NoneFiringIsOk) {
  const auto evaluation = evaluate(firing({}), critical());
  expect(evaluation, Outcome::ok, Reason::objective_met);
  EXPECT_EQ(evaluation.value, 0);
  EXPECT_EQ(evaluation.bound, 0);
}

TEST(EvaluateAlerts, AFiringAlertIsABreachAndIsNamed) {
  const auto evaluation = evaluate(firing({alert("Down", ours), alert("Slow", ours)}), critical());
  expect(evaluation, Outcome::breach, Reason::objective_broken);
  EXPECT_EQ(evaluation.value, 2);
  EXPECT_EQ(evaluation.detail, "firing: Down since 2026-01-31 12:01:00 UTC, Slow since 2026-01-31 12:01:00 UTC");
}

TEST(EvaluateAlerts, EachNameHasTheAddressOfItsFirstAlert) {
  auto down = alert("Down", ours);
  down.generator_url = "http://prometheus/graph";
  auto again = down;
  again.generator_url = "http://another/graph";
  const auto evaluation = evaluate(firing({alert("Slow", ours), down, again}), critical());
  EXPECT_EQ(evaluation.alerts, (std::vector<std::string>{"Slow", "Down"}));
  EXPECT_EQ(evaluation.alert_urls, (std::vector<std::string>{"", "http://prometheus/graph"}));
}

TEST(EvaluateAlerts, Fault27AllMatchersMustMatchAndTheAlertMustBeTheReleases) {
  auto other_service = ours;
  other_service["service"] = "cart";
  auto warning = ours;
  warning["severity"] = "warning";
  auto old_version = ours;
  old_version["version"] = "1.9";
  expect(evaluate(firing({alert("A", other_service), alert("B", warning), alert("C", old_version)}), critical()),
         Outcome::ok, Reason::objective_met);
}

TEST(EvaluateAlerts, ALabelThatTheRuleNamesIsNotComparedWithTheReleaseAgain) {
  const auto rule = alerts_rule({"alertname=\"RedisDown\"", "service=\"redis-exporter\"", "environment=~\"prod.*\""});
  const auto evaluation =
      evaluate(firing({alert("RedisDown", {{"service", "redis-exporter"}, {"environment", "prod-eu"}})}), rule);
  expect(evaluation, Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateAlerts, WhatFiresUnderALabelThatTheRuleDoesNotNameIsNoProofOfHealth) {
  const auto rule = alerts_rule({"severity=\"critical\""});
  const Labels exporters{{"severity", "critical"}, {"service", "node-exporter"}};
  const auto evaluation = evaluate(firing({alert("DiskFull", exporters)}), rule);
  expect(evaluation, Outcome::no_data, Reason::whose_is_unclear);
  EXPECT_EQ(evaluation.detail,
            "firing, but service=\"node-exporter\" is not this release's: DiskFull since 2026-01-31 12:01:00 UTC; name "
            "`service` in the rule's matchers to say which alerts count");
  expect(evaluate(firing({alert("DiskFull", exporters), alert("Down", ours)}), rule), Outcome::breach,
         Reason::objective_broken);
  const Labels third_version{{"severity", "critical"}, {"service", "shop"}, {"version", "0.3"}};
  expect(evaluate(firing({alert("Slow", third_version)}), rule), Outcome::no_data, Reason::whose_is_unclear);
}

TEST(EvaluateAlerts, AnAlertOfTheVersionBeforeIsMentionedButDoesNotCount) {
  auto old_version = ours;
  old_version["version"] = "1.9";
  const auto evaluation = evaluate(firing({alert("Slow", old_version)}), critical());
  expect(evaluation, Outcome::ok, Reason::objective_met);
  EXPECT_EQ(evaluation.detail,
            "no alert of this release is firing; of the version before: Slow since 2026-01-31 12:01:00 UTC");
}

TEST(EvaluateAlerts, Fault66WhatFiredBeforeTheSwitchIsMentionedButDoesNotCount) {
  const auto evaluation = evaluate(firing({alert("Down", ours, -1s)}), critical());
  expect(evaluation, Outcome::ok, Reason::objective_met);
  EXPECT_EQ(evaluation.detail,
            "no alert of this release is firing; firing since before the deployment: Down since "
            "2026-01-31 11:59:59 UTC");
  expect(evaluate(firing({alert("Down", ours, 0s)}), critical()), Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateAlerts, Fault33WhatFiredBeforeTheSwitchIsNotTheReleasesWhateverItsLabelsSay) {
  const Labels exporters{{"severity", "critical"}, {"service", "node-exporter"}};
  const auto rule = alerts_rule({"severity=\"critical\""});
  expect(evaluate(firing({alert("DiskFull", exporters, -1s)}), rule), Outcome::ok, Reason::objective_met);
  expect(evaluate(firing({alert("DiskFull", exporters, 0s)}), rule), Outcome::no_data, Reason::whose_is_unclear);
}

TEST(EvaluateAlerts, WhatIsMutedIsNamedAndDoesNotCount) {
  auto silenced = alert("Down", ours);
  silenced.muted = Muted::silenced;
  auto inhibited = alert("Slow", ours);
  inhibited.muted = Muted::inhibited;
  const auto evaluation = evaluate(firing({silenced, inhibited}), critical());
  expect(evaluation, Outcome::ok, Reason::objective_met);
  EXPECT_EQ(evaluation.detail,
            "no alert of this release is firing; silenced, so not counted: Down since 2026-01-31 12:01:00 UTC; "
            "inhibited by another alert, so not counted: Slow since 2026-01-31 12:01:00 UTC");
}

TEST(EvaluateAlerts, Fault18WhatBeginsInTheFutureIsAnErrorOfTheClocks) {
  const auto evaluation = evaluate(firing({alert("Down", ours, 6min + 1ms)}), critical());
  expect(evaluation, Outcome::error, Reason::wrong_type);
  EXPECT_EQ(evaluation.detail,
            "firing, but only in the future: Down since 2026-01-31 12:06:00 UTC; compare the clocks of Prometheus and "
            "of the guard");
  expect(evaluate(firing({alert("Down", ours, 6min)}), critical()), Outcome::breach, Reason::objective_broken);
  expect(evaluate(firing({alert("Down", ours, 1h), alert("Slow", ours)}), critical()), Outcome::breach,
         Reason::objective_broken);
}

TEST(EvaluateAlerts, AnAlertConcernsAGroupOneOfWhoseRulesAsksForIt) {
  RuleGroup group;
  EXPECT_FALSE(may_concern(group, shop(), {ours}));
  group.rules = {critical()};
  EXPECT_TRUE(may_concern(group, shop(), {{{"severity", "warning"}}, ours}));
  EXPECT_FALSE(may_concern(group, shop(), {{{"severity", "critical"}, {"service", "cart"}}}));
  group.rules = {alerts_rule({"tier=\"{{ labels.tier }}\""})};
  EXPECT_TRUE(may_concern(group, shop(), {ours})) << "nobody knows";
}

TEST(EvaluateAlerts, WhatFiredBeforeTheSwitchCountsWhereTheRuleSaysSo) {
  auto rule = critical();
  rule.preexisting = Preexisting::rollback;
  expect(evaluate(firing({alert("Down", ours, -1h)}), rule), Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateAlerts, ASilentAlertmanagerIsUnknownNotOk) {
  auto told = firing({});
  told.list->silent_for = 6min;
  const auto evaluation = evaluate(told, critical());
  expect(evaluation, Outcome::no_data, Reason::alertmanager_silent);
  EXPECT_EQ(evaluation.detail, "Alertmanager has not been heard of for 5m");
}

TEST(EvaluateAlerts, AFiringAlertCountsThoughItsAlertmanagerIsSilent) {
  auto told = firing({alert("Down", ours)});
  told.list->silent_for = 6min;
  expect(evaluate(told, critical()), Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateAlerts, AnErrorOfTheSourceIsOne) {
  AlertsAnswer told;
  told.list = std::unexpected(SourceError{Reason::query_failed, "connection refused", true});
  expect(evaluate(told, critical()), Outcome::error, Reason::query_failed);
}

TEST(EvaluateAlerts, AMatcherThatCannotBeWrittenIsAnError) {
  expect(evaluate(firing({}), alerts_rule({"tier=\"{{ labels.tier }}\""})), Outcome::error, Reason::template_refused);
}

TEST(EvaluateAlerts, AnAlertWithoutANameIsKnownByItsFingerprint) {
  auto nameless = alert("", ours);
  nameless.labels.erase("alertname");
  EXPECT_EQ(evaluate(firing({nameless}), critical()).detail, "firing: f1 since 2026-01-31 12:01:00 UTC");
}

TEST(EvaluateAlerts, ALongListIsCut) {
  const auto evaluation =
      evaluate(firing({alert("A", ours), alert("B", ours), alert("C", ours), alert("D", ours)}), critical());
  EXPECT_EQ(evaluation.value, 4);
  EXPECT_TRUE(evaluation.detail.ends_with("C since 2026-01-31 12:01:00 UTC, …"));
}

}  // namespace
}  // namespace guard::core
