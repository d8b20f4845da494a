// SPDX-License-Identifier: Apache-2.0
//
// Alertmanager's webhook as it is sent, and what the sender of anything else is told.
#include "guard/alerts/webhook.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::alerts {
namespace {

constexpr const char* firing_alert = R"({
  "status": "firing", "labels": {"alertname": "HighErrorRate", "service": "shop"}, "annotations": {"summary": "5xx"},
  "startsAt": "2026-01-31T12:00:00.123456789Z", "endsAt": "0001-01-01T00:00:00Z",
  "generatorURL": "http://prometheus/graph", "fingerprint": "0123456789abcdef"})";

std::string body(std::string_view alerts, std::string_view more = "") {
  return R"({"version":"4","groupKey":"{}/{}:{}","truncatedAlerts":0,"status":"firing","receiver":"rg\\.x\\+y",)"
         R"("groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://am","alerts":[)" +
         std::string(alerts) + "]" + std::string(more) + "}";
}

// `text` with its first `from` replaced by `to`.
std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Webhook, OfAGroupsKeyANameOfBoundedLengthIsKept) {
  const std::string key(1U << 20U, 'k');
  const auto name = group_name(key);
  EXPECT_LT(name.size(), 64U);
  EXPECT_NE(name, group_name(key + "k"));
  EXPECT_EQ(group_name(name), name);
  EXPECT_NE(group_name("(the guard's own limit)"), "(the guard's own limit)") << "no sender speaks for the guard";
}

TEST(Webhook, AMessageIsReadWhole) {
  const auto read = parse_notification(body(firing_alert));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->group_key, group_name("{}/{}:{}"));
  EXPECT_EQ(read->receiver, "rg\\.x\\+y");
  EXPECT_EQ(read->external_url, "http://am");
  EXPECT_EQ(read->truncated_alerts, 0U);
  Alert alert;
  alert.fingerprint = "0123456789abcdef";
  alert.labels = {{"alertname", "HighErrorRate"}, {"service", "shop"}};
  alert.annotations = {{"summary", "5xx"}};
  alert.starts_at = WallTime(Duration(1'769'860'800'123));
  alert.generator_url = "http://prometheus/graph";
  EXPECT_THAT(read->alerts, testing::ElementsAre(alert));
}

TEST(Webhook, OneMessageMixesWhatFiresAndWhatHasEnded) {
  const auto ended =
      with(with(firing_alert, "firing", "resolved"), "0001-01-01T00:00:00Z", "2026-01-31T14:05:00+02:00");
  const auto read = parse_notification(body(std::string(firing_alert) + "," + ended));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->alerts[0].status, AlertStatus::firing);
  EXPECT_EQ(read->alerts[0].ends_at, WallTime{});
  EXPECT_EQ(read->alerts[1].status, AlertStatus::resolved);
  EXPECT_EQ(read->alerts[1].ends_at, read->alerts[1].starts_at + std::chrono::minutes(5) - Duration(123));
}

TEST(Webhook, KeysThatNewerAlertmanagersAddAreIgnored) {
  const auto alert = with(firing_alert, "\"status\"", "\"silencedBy\": [], \"status\"");
  EXPECT_TRUE(
      parse_notification(body(alert, R"(,"notification_reason":"first notification","routeLabels":{"a":["b"]})")));
}

TEST(Webhook, WhatOlderAlertmanagersLeaveOutIsEmpty) {
  const auto read = parse_notification(
      R"({"version":"4","groupKey":"k","receiver":"r","alerts":[{"status":"firing","labels":{"a":"b"},)"
      R"("startsAt":"2026-01-31T12:00:00Z","fingerprint":"0123456789abcdef"}]})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->external_url, "");
  EXPECT_EQ(read->alerts[0].ends_at, WallTime{});
  EXPECT_TRUE(read->alerts[0].annotations.empty());
}

TEST(Webhook, Fault26TheNumberOfAlertsThatWereCutIsKept) {
  EXPECT_EQ(parse_notification(with(body(""), "\"truncatedAlerts\":0", "\"truncatedAlerts\":7"))->truncated_alerts, 7U);
  EXPECT_EQ(parse_notification(with(body(""), "\"truncatedAlerts\":0,", ""))->truncated_alerts, 0U);
}

std::string refused_version(std::string_view came) {
  return "version is " + std::string(came) +
         ": the guard reads Alertmanager's webhook, which is of version \"4\", and that of Grafana's alerting, \"1\"; "
         "a "
         "receiver with a custom `payload` cannot be read, send the default one";
}

// As Grafana 12's contact point "webhook" posts it.
TEST(Webhook, GrafanasOwnAlertingIsRead) {
  const auto read = parse_notification(
      R"({"receiver":"release-guard","status":"firing","orgId":1,"alerts":[{"status":"firing","labels":)"
      R"({"alertname":"HighErrorRate","grafana_folder":"shop","service":"shop"},"annotations":{"summary":"5xx"},)"
      R"("startsAt":"2026-01-31T12:00:10Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://grafana/alerting/g",)"
      R"("fingerprint":"57c6d9296de2ad39","silenceURL":"http://grafana/s","dashboardURL":"","panelURL":"",)"
      R"("values":{"A":0.2},"valueString":"[ var='A' value=0.2 ]"}],"groupLabels":{"alertname":"HighErrorRate"},)"
      R"("commonLabels":{},"commonAnnotations":{},"externalURL":"http://grafana/","version":"1",)"
      R"("groupKey":"{}/{}:{alertname=\"HighErrorRate\"}","truncatedAlerts":0,"title":"[FIRING:1]","state":"alerting",)"
      R"("message":"**Firing**"})");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->alerts.size(), 1U);
  EXPECT_EQ(read->alerts[0].fingerprint, "57c6d9296de2ad39");
  EXPECT_EQ(read->alerts[0].labels.at("service"), "shop");
}

TEST(Webhook, Fault30ItsSenderIsToldWhatIsNotAsThatVersionHasIt) {
  const auto good = body(firing_alert);
  struct Case {
    std::string body;
    std::string message;
  };
  const Case table[] = {
      {"", "not valid JSON at byte 0: incomplete JSON"},
      {"<alert/>", "not valid JSON at byte 0: syntax error"},
      {"[]", "the body must be an object"},
      {"\"4\"", "the body must be an object"},
      {"{}", refused_version("missing")},
      {R"({"text":"HighErrorRate is firing"})", refused_version("missing")},
      {with(good, "\"4\"", "4"), refused_version("4")},
      {with(good, "\"4\"", "\"3\""), refused_version("\"3\"")},
      {with(good, "\"4\"", "null"), refused_version("missing")},
      {with(good, "\"groupKey\"", "\"key\""), "groupKey is missing"},
      {with(good, "\"{}/{}:{}\"", "{}"), "groupKey must be a string"},
      {with(good, "\"receiver\"", "\"to\""), "receiver is missing"},
      {with(good, "\"http://am\"", "1"), "externalURL must be a string"},
      {with(good, "\"truncatedAlerts\":0", "\"truncatedAlerts\":-1"),
       "truncatedAlerts must be a whole number, 0 or more"},
      {with(good, "\"truncatedAlerts\":0", "\"truncatedAlerts\":0.5"),
       "truncatedAlerts must be a whole number, 0 or more"},
      {with(good, "\"alerts\":[", "\"alertz\":["), "alerts must be an array"},
      {body("7"), "alerts[0] must be an object"},
      {body(std::string(firing_alert) + ",{}"), "alerts[1].status is missing"},
      {with(good, "\"status\": \"firing\"", "\"status\": \"unknown\""), "alerts[0].status must be firing or resolved"},
      {with(good, "0123456789abcdef", "0123456789abcde"), "alerts[0].fingerprint must be 16 hexadecimal digits"},
      {with(good, "0123456789abcdef", "0123456789abcdeg"), "alerts[0].fingerprint must be 16 hexadecimal digits"},
      {with(good, "\"fingerprint\"", "\"print\""), "alerts[0].fingerprint is missing"},
      {with(good, R"({"alertname": "HighErrorRate", "service": "shop"})", "{}"), "alerts[0].labels must not be empty"},
      {with(good, R"({"alertname": "HighErrorRate", "service": "shop"})", "[]"),
       "alerts[0].labels must be an object of strings"},
      {with(good, "\"shop\"", "1"), "alerts[0].labels.service must be a string"},
      {with(good, "\"5xx\"", "{}"), "alerts[0].annotations.summary must be a string"},
      {with(good, "\"startsAt\"", "\"since\""), "alerts[0].startsAt is missing"},
      {with(good, "2026-01-31T12:00:00.123456789Z", "yesterday"),
       "alerts[0].startsAt: \"yesterday\" is not an RFC 3339 time; write for example 2026-01-31T12:00:00Z"},
      {with(good, "0001-01-01T00:00:00Z", ""),
       "alerts[0].endsAt: \"\" is not an RFC 3339 time; write for example 2026-01-31T12:00:00Z"},
  };
  for (const auto& c : table) {
    const auto read = parse_notification(c.body);
    ASSERT_FALSE(read) << c.message;
    EXPECT_EQ(read.error(), (Error{ErrorCode::invalid, c.message}));
  }
}

TEST(Webhook, AKeyThatStandsTwiceIsRefused) {
  const auto twice = parse_notification(body(firing_alert, R"(,"receiver":"other")"));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message, "the key \"receiver\" stands twice in one object; leave one of them out");
}

TEST(Webhook, Fault30ABodyThatIsNoTextIsRefused) {
  EXPECT_EQ(parse_notification(body(with(firing_alert, "5xx", "\xff"))).error().message, "the body is not UTF-8");
  EXPECT_FALSE(parse_notification(std::string(100'000, '[')));
}

}  // namespace
}  // namespace guard::alerts
