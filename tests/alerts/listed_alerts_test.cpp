// SPDX-License-Identifier: Apache-2.0
//
// Which of the alerts that Alertmanager lists say something about a service: the guard must neither count its own ones
// nor be blinded by what they inhibit.
#include "guard/alerts/alertmanager_client.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::alerts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string symptom = R"("alertname": "HighErrorRate", "service": "shop")";
const std::string own = R"("alertname": "ReleaseGuardRollingBack", "service": "shop", "source": "release-guard")";
const std::string foreign = R"("alertname": "ClusterDown")";

std::string entry(const std::string& fingerprint, const std::string& labels,
                  const std::vector<std::string>& inhibited_by = {}) {
  std::string by;
  for (const auto& id : inhibited_by) by += fmt::format("{}\"{}\"", by.empty() ? "" : ", ", id);
  return fmt::format(R"({{"fingerprint": "{}", "labels": {{{}}}, "startsAt": "2026-01-31T12:00:00Z",
      "status": {{"state": "{}", "silencedBy": [], "inhibitedBy": [{}]}}}})",
                     fingerprint, labels, by.empty() ? "active" : "suppressed", by);
}

std::vector<std::string> counted(const std::vector<std::string>& entries) {
  std::vector<std::string> out;
  const auto alerts = decode_alerts(200, fmt::format("[{}]", fmt::join(entries, ",")));
  EXPECT_TRUE(alerts) << alerts.error().message;
  if (alerts)
    for (const auto& alert : *alerts)
      if (alert.muted == model::Muted::no) out.push_back(alert.fingerprint);
  return out;
}

TEST(ListedAlerts, TheGuardsOwnAlertsDoNotCountWhateverTheirSeverity) {
  const auto critical = own + R"(, "severity": "critical")";
  EXPECT_THAT(counted({entry("a", symptom), entry("b", critical)}), ElementsAre("a"));
}

TEST(ListedAlerts, ASymptomThatOnlyARunningRollbackInhibitsCounts) {
  EXPECT_THAT(counted({entry("a", symptom, {"b"}), entry("b", own)}), ElementsAre("a"));
}

TEST(ListedAlerts, ASymptomThatAnythingElseInhibitsDoesNotCount) {
  EXPECT_THAT(counted({entry("a", symptom, {"c"}), entry("b", own), entry("c", foreign)}), ElementsAre("c"));
  EXPECT_THAT(counted({entry("a", symptom, {"b", "c"}), entry("b", own), entry("c", foreign)}), ElementsAre("c"));
}

TEST(ListedAlerts, ASymptomWhoseInhibitorIsNotListedDoesNotCount) {
  EXPECT_THAT(counted({entry("a", symptom, {"gone"})}), IsEmpty());
}

TEST(ListedAlerts, WhatIsMutedIsListedWithWhy) {
  const auto silenced = R"({"fingerprint": "s", "labels": {}, "startsAt": "2026-01-31T12:00:00Z",
      "status": {"state": "suppressed", "silencedBy": ["a silence"], "inhibitedBy": []}})";
  const auto alerts = decode_alerts(200, fmt::format("[{}, {}]", silenced, entry("i", symptom, {"gone"})));
  ASSERT_TRUE(alerts) << alerts.error().message;
  ASSERT_EQ(alerts->size(), 2U);
  EXPECT_EQ(alerts->at(0).muted, model::Muted::silenced);
  EXPECT_EQ(alerts->at(1).muted, model::Muted::inhibited);
}

TEST(ListedAlerts, InhibitorsThatAreNoListAreAnError) {
  const auto alerts = decode_alerts(200, R"([{"fingerprint": "a", "labels": {}, "startsAt": "2026-01-31T12:00:00Z",
      "status": {"inhibitedBy": "b"}}])");
  ASSERT_FALSE(alerts);
  EXPECT_THAT(alerts.error().message, HasSubstr("[0].status.inhibitedBy must be a list of texts"));
}

}  // namespace
}  // namespace guard::alerts
