// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/http_answer.hpp"

#include "guard/base/text.hpp"

#include <gmock/gmock.h>

namespace guard::hooks {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;

// Sun, 06 Nov 1994 08:49:37 GMT
constexpr WallTime now{std::chrono::seconds(784'111'777)};

http::Response response(int status, const std::string& retry_after = "") {
  http::Response out;
  out.status = status;
  out.body = "body";
  if (!retry_after.empty()) out.headers.emplace("retry-after", retry_after);
  return out;
}

TEST(HttpAnswer, MeansWhatTheTableSays) {
  const std::map<int, AttemptResult> table{
      {200, AttemptResult::done},    {201, AttemptResult::done},    {202, AttemptResult::done},
      {204, AttemptResult::done},    {301, AttemptResult::failed},  {302, AttemptResult::failed},
      {304, AttemptResult::failed},  {400, AttemptResult::failed},  {401, AttemptResult::failed},
      {403, AttemptResult::failed},  {404, AttemptResult::failed},  {409, AttemptResult::retry},
      {410, AttemptResult::failed},  {422, AttemptResult::failed},  {429, AttemptResult::retry},
      {500, AttemptResult::unknown}, {502, AttemptResult::unknown}, {503, AttemptResult::unknown},
      {504, AttemptResult::unknown}, {100, AttemptResult::unknown}, {600, AttemptResult::unknown},
      {0, AttemptResult::unknown},   {-1, AttemptResult::unknown}};
  for (const auto& [status, meaning] : table) {
    const auto result = meaning_of(response(status), false, now);
    EXPECT_EQ(result.result, meaning) << status;
    EXPECT_EQ(result.output, "body") << status;
    EXPECT_TRUE(result.detail.starts_with("HTTP " + std::to_string(status))) << result.detail;
  }
}

TEST(HttpAnswer, RetryAfterIsSecondsOrADateAndNeverMoreThanAnHour) {
  const std::map<std::string, std::optional<Duration>> table{{"0", 0s},
                                                             {"7", 7s},
                                                             {"3600", 1h},
                                                             {"86400", 1h},
                                                             {"999999999999", 1h},
                                                             {"Sun, 06 Nov 1994 08:49:47 GMT", 10s},
                                                             {"Sun, 06 Nov 1994 08:49:07 GMT", 0s},
                                                             {"Mon, 07 Nov 1994 08:49:37 GMT", 1h},
                                                             {"-5", std::nullopt},
                                                             {"7s", std::nullopt},
                                                             {"soon", std::nullopt},
                                                             {"99999999999999999999", std::nullopt}};
  for (const auto& [text, wait] : table) {
    EXPECT_EQ(meaning_of(response(429, text), false, now).retry_after, wait) << text;
    EXPECT_EQ(meaning_of(response(503, text), false, now).retry_after, wait) << text;
  }
  EXPECT_EQ(meaning_of(response(429), false, now).retry_after, std::nullopt);
  EXPECT_EQ(meaning_of(response(200, "7"), false, now).retry_after, std::nullopt);
}

TEST(HttpAnswer, WithoutOneOnlyWhatWasNeverSentMayBeSentAgain) {
  const std::map<ErrorCode, AttemptResult> table{{ErrorCode::unavailable, AttemptResult::not_started},
                                                 {ErrorCode::unauthorized, AttemptResult::not_started},
                                                 {ErrorCode::timeout, AttemptResult::unknown},
                                                 {ErrorCode::broken, AttemptResult::unknown},
                                                 {ErrorCode::too_large, AttemptResult::unknown}};
  for (const auto& [code, meaning] : table) EXPECT_EQ(meaning_of(Error{code, "why"}).result, meaning);
}

TEST(HttpAnswer, OfAPollTellsHowTheOperationEnded) {
  auto ended = response(200);
  EXPECT_EQ(meaning_of_poll(response(202)), std::nullopt);
  EXPECT_EQ(meaning_of_poll(ended)->result, AttemptResult::done);
  ended.body = R"({"status": "succeeded"})";
  EXPECT_EQ(meaning_of_poll(ended)->result, AttemptResult::done);
  ended.body = R"({"status": "failed", "why": "no such version"})";
  EXPECT_EQ(meaning_of_poll(ended)->result, AttemptResult::failed);
  for (const int status : {302, 303, 401, 404, 410})
    EXPECT_EQ(meaning_of_poll(response(status))->result, AttemptResult::unknown);
}

TEST(HttpAnswer, IsFollowedOnTheHooksOwnOriginOnly) {
  const std::string hook = "http://deploy.internal:8080/rollback?token=x";
  const std::map<std::string, std::optional<std::string>> table{
      {"/operations/7?x=1", "/operations/7?x=1"},
      {"http://deploy.internal:8080/operations/7", "/operations/7"},
      {"http://deploy.internal:8080", "/"},
      {"http://deploy.internal/operations/7", std::nullopt},
      {"https://deploy.internal:8080/operations/7", std::nullopt},
      {"http://169.254.169.254/latest/meta-data", std::nullopt},
      {"http://deploy.internal:8080@evil/", std::nullopt},
      {"//evil/operations/7", std::nullopt},
      {"operations/7", std::nullopt},
      {"/operations/7 HTTP/1.1", std::nullopt},
      {"/operations/7#part", std::nullopt},
      {"file:///etc/passwd", std::nullopt},
      {"", std::nullopt}};
  for (const auto& [location, path] : table) EXPECT_EQ(poll_path(hook, location), path) << location;
}

TEST(HttpAnswer, IsTextHoweverTheOtherSideSpeaks) {
  auto odd = response(500);
  odd.body = "\xFF\xFE";
  EXPECT_EQ(meaning_of(odd, false, now).output, "??");
  EXPECT_TRUE(is_utf8(meaning_of(Error{ErrorCode::broken, "Location: \xFF"}).detail));
  odd.body = std::string(100'000, 'x') + "the end";
  EXPECT_TRUE(meaning_of(odd, false, now).output.ends_with("the end"));
  EXPECT_LT(meaning_of(odd, false, now).output.size(), 70'000U);
}

}  // namespace
}  // namespace guard::hooks
