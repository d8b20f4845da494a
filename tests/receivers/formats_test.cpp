// SPDX-License-Identifier: Apache-2.0
//
// What each service is sent, whole, as golden files; that no text from outside is more than text there; and limits.
#include "guard/receivers/formats.hpp"

#include "guard/alerts/webhook.hpp"
#include "guard/base/file.hpp"
#include "guard/base/json.hpp"
#include "tests/receivers/sample.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::receivers::test {
namespace {

using config::ReceiverKind;
using testing::HasSubstr;
using testing::Not;

const Sender sender{"incidents", "https://guard.example.org"};

json::value sent(ReceiverKind kind, const Message& message) {
  return *parse_json(body_of(kind, message, sender));
}

void expect_as_written(const std::string& name, ReceiverKind kind, const Message& message) {
  const auto golden = read_file(SOURCE_DIR "/tests/receivers/golden/" + name + ".json");
  ASSERT_TRUE(golden) << golden.error().message;
  const auto wanted = parse_json(*golden);
  ASSERT_TRUE(wanted) << wanted.error().message;
  EXPECT_EQ(sent(kind, message), *wanted) << body_of(kind, message, sender);
}

// Every text in it, in order.
void gather(const json::value& value, std::vector<std::string>& out) {
  if (const auto* text = value.if_string()) out.emplace_back(*text);
  if (const auto* list = value.if_array())
    for (const auto& entry : *list) gather(entry, out);
  if (const auto* object = value.if_object())
    for (const auto& [key, member] : *object) gather(member, out);
}

std::vector<std::string> texts(const json::value& value) {
  std::vector<std::string> out;
  gather(value, out);
  return out;
}

TEST(Formats, SayWhatHappensAsTheGoldenFilesHaveIt) {
  for (const auto kind : {ReceiverKind::slack, ReceiverKind::discord, ReceiverKind::msteams, ReceiverKind::webhook}) {
    const std::string name(to_string(kind));
    expect_as_written(name, kind, rolling_back());
    expect_as_written(name + "_over", kind, awaiting_approval_is_over());
  }
}

TEST(Formats, WhereNoLinkLeadsThereTheyNameTheReleaseAndTheCommand) {
  auto waiting = awaiting_approval_is_over();
  waiting.over = false;
  for (const auto kind : {ReceiverKind::slack, ReceiverKind::discord, ReceiverKind::msteams})
    EXPECT_THAT(body_of(kind, waiting, sender), Not(HasSubstr("release-guard release approve")))
        << "a link leads there";
  waiting.alert.annotations.erase("page_url");
  for (const auto kind : {ReceiverKind::slack, ReceiverKind::discord, ReceiverKind::msteams})
    EXPECT_THAT(body_of(kind, waiting, sender), HasSubstr("release approve r1"));
  auto acting = rolling_back();
  acting.alert.annotations.erase("page_url");
  EXPECT_THAT(body_of(ReceiverKind::slack, acting, sender), Not(HasSubstr("release approve"))) << "it waits for nobody";
}

TEST(Formats, OnlyAReleaseThatPassedIsGreen) {
  auto told = rolling_back();
  told.alert.labels["severity"] = "info";
  EXPECT_THAT(body_of(ReceiverKind::slack, told, sender), Not(HasSubstr(R"("color":"good")")));
  told.alert.labels["alertname"] = "ReleaseGuardReleasePassed";
  EXPECT_THAT(body_of(ReceiverKind::slack, told, sender), HasSubstr(R"("color":"good")"));
}

TEST(Formats, SayOfWhatMayHaveArrivedThatItIsSentOnceMore) {
  auto message = rolling_back();
  message.told_before = true;
  for (const auto kind : {ReceiverKind::slack, ReceiverKind::discord, ReceiverKind::msteams})
    EXPECT_THAT(body_of(kind, message, sender), HasSubstr("This is sent once more"));
  EXPECT_EQ(sent(ReceiverKind::webhook, message), sent(ReceiverKind::webhook, rolling_back()))
      << "a program knows it by fingerprint and startsAt";
}

TEST(Formats, NothingInASlackMessageMentionsOrLeadsAnywhereButTheGuardsOwnLinks) {
  for (const auto& text : texts(sent(ReceiverKind::slack, hostile_message()))) {
    for (const auto* meant : {"<!", "<@", "<http://evil", "<at>"}) EXPECT_THAT(text, Not(HasSubstr(meant)));
    if (text.find("|Release>") != std::string::npos) {
      EXPECT_THAT(text, HasSubstr("<https://guard.example.org/a%7Cb&gt;(c)|Release>"));
    }
  }
  const auto value = sent(ReceiverKind::slack, rolling_back());
  for (const auto& block : value.at_pointer("/attachments/0/blocks").as_array())
    EXPECT_TRUE(block.at("text").at("verbatim").as_bool()) << "or Slack makes links of bare addresses";
}

TEST(Formats, NothingInADiscordMessageMentionsOrLeadsAnywhereButTheGuardsOwnLinks) {
  const auto value = sent(ReceiverKind::discord, hostile_message());
  EXPECT_EQ(value.at_pointer("/allowed_mentions/parse"), json::array());
  const std::string text(value.at_pointer("/embeds/0/description").as_string());
  EXPECT_THAT(text, HasSubstr(R"(\<\!channel\> \@everyone)"));
  EXPECT_THAT(text, HasSubstr(R"(\[v2\]\(http\://evil.example\))")) << "no link, and no address that becomes one";
  EXPECT_THAT(text, HasSubstr("[Release](https://guard.example.org/a|b>%28c%29)"));
}

TEST(Formats, TextFromOutsideStandsInATeamsCardOnlyWhereThereIsNoMarkdown) {
  const auto value = sent(ReceiverKind::msteams, hostile_message());
  for (const auto& block : value.at_pointer("/attachments/0/content/body").as_array()) {
    EXPECT_EQ(block.at("type"), "RichTextBlock");
    for (const auto& run : block.at("inlines").as_array()) EXPECT_EQ(run.at("type"), "TextRun");
  }
  EXPECT_EQ(value.at_pointer("/attachments/0/content/msteams").as_object().size(), 1U) << "no entities: no mentions";
}

TEST(Formats, WhatIsEndlessStaysWithinTheLimitsOfEachService) {
  const auto slack = sent(ReceiverKind::slack, endless_message());
  for (const auto& block : slack.at_pointer("/attachments/0/blocks").as_array())
    EXPECT_LE(block.at("text").at("text").as_string().size(),
              block == slack.at_pointer("/attachments/0/blocks/2") ? 5000U : 3000U);
  const auto discord = sent(ReceiverKind::discord, endless_message());
  EXPECT_LE(discord.at_pointer("/embeds/0/title").as_string().size(), 256U);
  EXPECT_LE(discord.at_pointer("/embeds/0/description").as_string().size(), 4096U);
  EXPECT_LE(body_of(ReceiverKind::msteams, endless_message(), sender).size(), 28U << 10U);
}

TEST(Formats, TheWebhookIsReadAsAlertmanagers) {
  const auto read = alerts::parse_notification(body_of(ReceiverKind::webhook, rolling_back(), sender));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->receiver, "incidents");
  ASSERT_EQ(read->alerts.size(), 1U);
  EXPECT_EQ(read->alerts[0].status, alerts::AlertStatus::firing);
  EXPECT_EQ(read->alerts[0].labels, rolling_back().alert.labels);
  EXPECT_EQ(read->alerts[0].annotations, rolling_back().alert.annotations);
  EXPECT_EQ(read->alerts[0].starts_at, noon - 10s);
  EXPECT_EQ(read->alerts[0].ends_at, WallTime{});
  const auto over = alerts::parse_notification(body_of(ReceiverKind::webhook, awaiting_approval_is_over(), sender));
  EXPECT_EQ(over->alerts.at(0).status, alerts::AlertStatus::resolved);
  EXPECT_EQ(over->alerts.at(0).ends_at, noon);
  EXPECT_NE(over->alerts.at(0).fingerprint, read->alerts[0].fingerprint);
}

// As Alertmanager 0.25 fingerprints an alert with this label alone (prometheus/common model/signature.go).
TEST(Formats, TheFingerprintIsAlertmanagers) {
  Message message;
  message.alert.labels = {};
  const auto value = sent(ReceiverKind::webhook, message);
  EXPECT_EQ(value.at_pointer("/alerts/0/fingerprint"), "cbf29ce484222325");
}

TEST(Formats, OnlyAProgramIsToldOfEveryEnd) {
  EXPECT_TRUE(tells_every_end(ReceiverKind::webhook));
  EXPECT_FALSE(tells_every_end(ReceiverKind::slack));
}

}  // namespace
}  // namespace guard::receivers::test
