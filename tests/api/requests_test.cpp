// SPDX-License-Identifier: Apache-2.0
#include "guard/api/release_requests.hpp"
#include "guard/base/duration.hpp"
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::api {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

const std::string least = R"("service":"shop","environment":"production","version":"v2","previous_version":"v1")";

Request with_body(std::string body) {
  Request request;
  request.body = std::move(body);
  request.parameters = {"r1"};
  request.actor = "pipeline";
  return request;
}

Result<model::ReleaseSpec> announcement(const std::string& members, const std::string& key = "") {
  test::EvenRandom random;
  auto request = with_body("{" + members + "}");
  if (!key.empty()) request.headers["idempotency-key"] = key;
  auto announcement = parse_announcement(request, random);
  if (!announcement) return std::unexpected(announcement.error());
  return announcement->spec;
}

std::string refusal(const std::string& members, const std::string& key = "") {
  const auto spec = announcement(members, key);
  if (spec) return "";
  EXPECT_EQ(spec.error().code, ErrorCode::invalid);
  return spec.error().message;
}

TEST(Announcement, TheLeastOneIsLiveNowWithANewId) {
  const auto spec = announcement(least);
  ASSERT_TRUE(spec);
  EXPECT_EQ(*spec, (model::ReleaseSpec{
                       "id1", "shop", "production", "v2", "v1", model::ReleaseKind::feature, {}, std::nullopt, false}));
}

TEST(Announcement, EveryKeyIsRead) {
  const auto spec = announcement(least + R"(,"id":"r:1","kind":"hotfix","live_at":"2026-01-31T13:00:00+01:00",)" +
                                 R"("labels":{"team":"web"})");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->id, "r:1");
  EXPECT_EQ(spec->kind, model::ReleaseKind::hotfix);
  EXPECT_EQ(spec->live_at, *parse_time("2026-01-31T12:00:00Z"));
  EXPECT_THAT(spec->labels, UnorderedElementsAre(Pair("team", "web")));
  EXPECT_TRUE(announcement(least + R"(,"phase":"deploying")")->deploying);
}

TEST(Announcement, TheIdempotencyKeyIsTheIdWhereNoneIsGiven) {
  EXPECT_EQ(announcement(least, "build-17")->id, "build-17");
  EXPECT_EQ(announcement(least, "\"build-17\"")->id, "build-17");
  EXPECT_EQ(announcement(least + R"(,"id":"mine")", "build-17")->id, "mine");
  EXPECT_EQ(refusal(least, "a/b"),
            "Idempotency-Key becomes the id, so it must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -");
}

TEST(Announcement, AMisspeltKeyIsNamedWithTheNearestOne) {
  EXPECT_EQ(refusal(least + R"(,"previous_versoin":"v0")"),
            "unknown key \"previous_versoin\", did you mean \"previous_version\"?");
  EXPECT_EQ(refusal(least + R"(,"colour":"red")"), "unknown key \"colour\"");
}

TEST(Announcement, AKeyThatStandsTwiceIsRefused) {
  EXPECT_EQ(refusal(least + R"(,"service":"other")"),
            "the key \"service\" stands twice in one object; leave one of them out");
  EXPECT_EQ(refusal(least + R"(,"labels":{"team":"a","team":"b"})"),
            "the key \"team\" stands twice in one object; leave one of them out");
}

TEST(Announcement, AMessageRepeatsNoControlCharacterAndNoEndlessKey) {
  EXPECT_EQ(refusal(least + R"(,"a\u001b[2J\u007f":1)"), "unknown key \"a [2J \"");
  EXPECT_LT(refusal(least + ",\"labels\":{\"" + std::string(100000, 'x') + "\":1}").size(), 600U);
}

TEST(Announcement, WhatIsMissingIsNamed) {
  EXPECT_EQ(refusal(R"("environment":"e","version":"v","previous_version":"")"), "service is missing");
  EXPECT_EQ(refusal(R"("service":"","environment":"e","version":"v","previous_version":"")"),
            "service must not be empty");
}

TEST(Announcement, WithoutAPreviousVersionItReplacesWhatIsLive) {
  test::EvenRandom random;
  const auto replaces = [&](const std::string& more) {
    return parse_announcement(with_body(R"({"service":"s","environment":"e","version":"v")" + more + "}"), random)
        ->replaces_what_is_live;
  };
  EXPECT_TRUE(replaces(""));
  EXPECT_FALSE(replaces(R"(,"previous_version":"v0")"));
  EXPECT_FALSE(replaces(R"(,"previous_version":"")")) << "there is none, and that is said";
}

TEST(Announcement, EachBadValueIsSaidWithItsKey) {
  EXPECT_EQ(refusal(least + R"(,"kind":"feture")"), "kind \"feture\" is none of feature, hotfix, rollback");
  EXPECT_EQ(refusal(least + R"(,"kind":3)"), "kind must be a string");
  EXPECT_EQ(refusal(least + R"(,"phase":"live")"),
            "phase may only be \"deploying\"; leave it out for a release that is live");
  EXPECT_EQ(refusal(least + R"(,"phase":"deploying","live_at":"2026-01-31T12:00:00Z")"),
            "a release that is deploying has no live_at yet; say it with /live");
  EXPECT_THAT(refusal(least + R"(,"live_at":"yesterday")"), testing::StartsWith("live_at: "));
  EXPECT_THAT(refusal(least + R"(,"live_at":"")"), testing::StartsWith("live_at: "));
  EXPECT_EQ(refusal(least + R"(,"labels":{"1x":"y"})"),
            "labels: \"1x\" is not a label name: letters, digits and _, no digit first");
  EXPECT_EQ(refusal(least + R"(,"labels":{"x":1})"), "labels.x must be a string");
  EXPECT_EQ(refusal(least + R"(,"labels":{"x":"a\nb"})"), "labels.x holds a character that is not shown");
  EXPECT_EQ(refusal(R"("service":"a\u0000","environment":"e","version":"v","previous_version":"")"),
            "service holds a character that is not shown");
  EXPECT_EQ(refusal(least + R"(,"labels":{"x":")" + std::string(257, 'y') + "\"}"),
            "labels.x is longer than 256 bytes");
}

TEST(Announcement, AnIdFitsIntoAPath) {
  for (const auto& bad : std::vector<std::string>{"a/b", "a b", "..", ".", "ä", "a%2f", std::string(129, 'a')})
    EXPECT_EQ(refusal(least + R"(,"id":")" + bad + "\""), "id must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -")
        << bad;
  EXPECT_EQ(refusal(least + R"(,"id":")" + std::string(128, 'a') + "\""), "");
}

TEST(Announcement, TooManyLabelsAreRefused) {
  std::string labels;
  for (int i = 0; i < 65; ++i) labels += (i == 0 ? "" : ",") + ("\"l" + std::to_string(i)) + R"(":"x")";
  EXPECT_EQ(refusal(least + ",\"labels\":{" + labels + "}"), "labels has more than 64 entries");
}

TEST(Announcement, AnythingButAnObjectIsRefused) {
  test::EvenRandom random;
  EXPECT_EQ(parse_announcement(with_body("[]"), random).error().message, "the body must be an object");
  EXPECT_EQ(parse_announcement(with_body("{\"a\":\"\xff\"}"), random).error().message, "the body is not UTF-8");
  EXPECT_THAT(parse_announcement(with_body(std::string(100, '[')), random).error().message,
              testing::AllOf(testing::StartsWith("not valid JSON at byte 64: "), testing::HasSubstr("deep")));
  EXPECT_THAT(parse_announcement(with_body("{} {}"), random).error().message,
              testing::StartsWith("not valid JSON at byte "));
}

TEST(Order, CarriesReleaseActorAndReason) {
  const auto order = parse_order(with_body(R"({"reason":"looks wrong\nto me"})"), model::Verb::rollback);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->release, "r1");
  EXPECT_EQ(order->actor.name, "pipeline");
  EXPECT_EQ(order->reason, "looks wrong\nto me");
  EXPECT_EQ(order->verb, model::Verb::rollback);
}

TEST(Order, AnEmptyBodyIsEnough) {
  for (const auto& [verb, name] : EnumNames<model::Verb>::table) EXPECT_TRUE(parse_order(with_body(""), verb)) << name;
}

TEST(Order, LiveTakesATimeAndTheOthersAReason) {
  const auto live = parse_order(with_body(R"({"live_at":"2026-01-31T12:00:00Z"})"), model::Verb::live);
  EXPECT_EQ(live->live_at, *parse_time("2026-01-31T12:00:00Z"));
  EXPECT_EQ(parse_order(with_body(R"({"reason":"x"})"), model::Verb::live).error().message, "unknown key \"reason\"");
  EXPECT_EQ(parse_order(with_body(R"({"reson":"x"})"), model::Verb::abort).error().message,
            "unknown key \"reson\", did you mean \"reason\"?");
  EXPECT_EQ(parse_order(with_body(R"({"reason":"\u001b[2J"})"), model::Verb::abort).error().message,
            "reason holds a character that is not shown");
  EXPECT_EQ(
      parse_order(with_body(R"({"reason":")" + std::string(4097, 'x') + "\"}"), model::Verb::abort).error().message,
      "reason is longer than 4096 bytes");
}

TEST(Order, ARollbackMayNameTheVersionToGoBackTo) {
  EXPECT_EQ(parse_order(with_body(R"({"to":"v0.9.3"})"), model::Verb::rollback)->to, "v0.9.3");
  EXPECT_EQ(parse_order(with_body(R"({"to":""})"), model::Verb::rollback).error().message, "to must not be empty");
  EXPECT_EQ(parse_order(with_body(R"({"to":"v0.9.3"})"), model::Verb::approve).error().message, "unknown key \"to\"");
}

TEST(Signal, IsAVerdictWithItsTime) {
  const WallTime now{std::chrono::hours(500000)};
  const auto post = parse_signal(with_body(R"({"name":"e2e","status":"failed","detail":"2 of 9"})"), now);
  ASSERT_TRUE(post);
  EXPECT_EQ(post->release, "r1");
  EXPECT_EQ(post->name, "e2e");
  EXPECT_EQ(post->signal, (model::Signal{false, "2 of 9", now}));
  EXPECT_EQ(parse_signal(with_body(R"({"name":"e2e","status":"ok"})"), now).error().message,
            "status must be succeeded or failed");
  EXPECT_EQ(parse_signal(with_body(R"({"status":"failed"})"), now).error().message, "name is missing");
  EXPECT_EQ(parse_signal(with_body(""), now).error().message, "name is missing");
}

TEST(PreflightRequest, OfAQueryOnlyLooks) {
  Request request;
  request.method = "GET";
  request.query = {{"service", "shop"}, {"environment", "production"}, {"version", "v2"}, {"kind", "hotfix"}};
  const auto query = parse_preflight(request);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->spec.service, "shop");
  EXPECT_EQ(query->spec.version, "v2");
  EXPECT_EQ(query->spec.kind, model::ReleaseKind::hotfix);
  EXPECT_FALSE(query->acts || query->message);
  request.query["message"] = "true";
  EXPECT_FALSE(parse_preflight(request)) << "who only looks sends no message";
}

TEST(PreflightRequest, OfABodyActsAndSendsAMessageOnlyWhereItIsAskedTo) {
  auto request = with_body(R"({"service":"shop","environment":"production","labels":{"team":"web"}})");
  request.method = "POST";
  const auto query = parse_preflight(request);
  ASSERT_TRUE(query);
  EXPECT_TRUE(query->acts && !query->message);
  EXPECT_EQ(query->spec.labels.at("team"), "web");
  request.body = R"({"service":"shop","environment":"production","message":true})";
  EXPECT_TRUE(parse_preflight(request)->message);
  for (const auto* bad : {R"({"service":"shop"})", R"({"service":"shop","environment":"p","message":"yes"})",
                          R"({"service":"shop","environment":"p","versoin":"v2"})"}) {
    request.body = bad;
    EXPECT_FALSE(parse_preflight(request)) << bad;
  }
}

}  // namespace
}  // namespace guard::api
