// SPDX-License-Identifier: Apache-2.0
#include "guard/http/retry_after.hpp"

#include <gtest/gtest.h>

namespace guard::http {
namespace {

using namespace std::chrono_literals;

constexpr WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h};

std::optional<Duration> asked(const std::string& text) {
  Response response;
  response.headers.emplace("retry-after", text);
  return retry_after(response, noon);
}

TEST(RetryAfter, IsSecondsOrADateAndNeverMoreThanAnHour) {
  EXPECT_EQ(asked("0"), 0s);
  EXPECT_EQ(asked("30"), 30s);
  EXPECT_EQ(asked("86400"), 1h);
  EXPECT_EQ(asked("Sat, 31 Jan 2026 12:00:07 GMT"), 7s);
  EXPECT_EQ(asked("Sat, 31 Jan 2026 11:00:00 GMT"), 0s);
  EXPECT_EQ(asked("Sun, 01 Feb 2026 12:00:00 GMT"), 1h);
}

TEST(RetryAfter, IsNothingWhereItSaysNothing) {
  for (const auto* text : {"", "soon", "-1", "1.5"}) EXPECT_EQ(asked(text), std::nullopt) << text;
  EXPECT_EQ(retry_after(Response{}, noon), std::nullopt);
}

}  // namespace
}  // namespace guard::http
