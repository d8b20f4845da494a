// SPDX-License-Identifier: Apache-2.0
//
// The answers that the real services give, and what becomes of the message.
#include "guard/receivers/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::receivers {
namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1000s};

http::Response answer(int status, std::string body = "", const std::string& retry_after = "") {
  http::Response out;
  out.status = status;
  out.body = std::move(body);
  if (!retry_after.empty()) out.headers.emplace("retry-after", retry_after);
  return out;
}

TEST(Answer, WhatEachServiceCallsASuccessIsOne) {
  for (const auto& taken : {answer(200, "ok"), answer(204), answer(202), answer(200, R"({"id": "1"})")})
    EXPECT_FALSE(failure_of(taken, now)) << taken.status;
}

TEST(Answer, ARefusalSaysInTheServicesWordsWhatIsWrong) {
  for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
           {400, "invalid_payload"}, {403, "invalid_token"}, {404, "no_service"}, {410, "channel_is_archived"}}) {
    const auto failure = failure_of(answer(status, body), now);
    ASSERT_TRUE(failure);
    EXPECT_TRUE(failure->refused) << status;
    EXPECT_FALSE(failure->may_have_arrived) << status;
    EXPECT_EQ(failure->reason, FailureReason::client_error);
    EXPECT_EQ(failure->words, "HTTP " + std::to_string(status) + ": " + body);
  }
}

TEST(Answer, AServerThatFailsMayHaveTakenIt) {
  for (const int status : {500, 502, 503, 504}) {
    const auto failure = failure_of(answer(status), now);
    EXPECT_FALSE(failure->refused);
    EXPECT_TRUE(failure->may_have_arrived);
    EXPECT_EQ(failure->reason, FailureReason::server_error);
  }
}

TEST(Answer, WhoIsToldToSlowDownDoesSoForAsLongAsItIsTold) {
  EXPECT_EQ(failure_of(answer(429, "rate_limited", "30"), now)->after, 30s);
  EXPECT_EQ(failure_of(answer(503, "", "7"), now)->after, 7s);
  const auto discord =
      failure_of(answer(429, R"({"message": "slow", "retry_after": 1.337, "global": true})", "1"), now);
  EXPECT_EQ(discord->after, 1337ms);
  EXPECT_FALSE(discord->refused);
  EXPECT_FALSE(discord->may_have_arrived);
  for (const auto* body : {R"({"retry_after": "soon"})", R"({"retry_after": -1})", "[]", "<html>", ""})
    EXPECT_EQ(failure_of(answer(429, body), now)->after, std::nullopt) << body;
  EXPECT_EQ(failure_of(answer(429, R"({"retry_after": 1e300})"), now)->after, 1h);
}

TEST(Answer, ARedirectIsNotFollowed) {
  const auto failure = failure_of(answer(302), now);
  EXPECT_TRUE(failure->refused);
  EXPECT_EQ(failure->words, "HTTP 302: redirects are not followed; give the final url");
}

TEST(Answer, WithoutOneItIsKnownWhetherAnythingWasSent) {
  EXPECT_FALSE(failure_of(Error{ErrorCode::unavailable, "connection refused"}).may_have_arrived);
  EXPECT_TRUE(failure_of(Error{ErrorCode::timeout, "no answer within 10s"}).may_have_arrived);
  EXPECT_TRUE(failure_of(Error{ErrorCode::broken, "the connection was lost"}).may_have_arrived);
  EXPECT_EQ(failure_of(Error{ErrorCode::timeout, ""}).reason, FailureReason::deadline);
  EXPECT_FALSE(failure_of(Error{ErrorCode::timeout, ""}).refused);
}

TEST(Answer, ShowsNoMoreOfABodyThanALine) {
  const auto failure = failure_of(answer(500, std::string(5000, 'x') + "\n"), now);
  EXPECT_LE(failure->words.size(), 220U);
  EXPECT_EQ(failure_of(answer(500, "\xff\xfe"), now)->words, "HTTP 500");
}

}  // namespace
}  // namespace guard::receivers
