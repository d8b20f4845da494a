// SPDX-License-Identifier: Apache-2.0
//
// How far a server's clock is from the guard's, by what its answer says.
#include "guard/http/server_clock.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace guard::http {
namespace {

using namespace std::chrono_literals;

constexpr WallTime noon{std::chrono::seconds(1'769'860'800)};  // Sat, 31 Jan 2026 12:00:00 GMT

std::optional<Duration> skew(const std::string& date, Exchange exchange = {noon, noon}) {
  Response response;
  response.headers.emplace("date", date);
  return clock_skew(response, exchange);
}

TEST(ServerClock, IsKnownWhereTheAnswerSaysIt) {
  EXPECT_EQ(skew("Sat, 31 Jan 2026 12:00:05 GMT"), 5s);
  EXPECT_EQ(skew("Sat, 31 Jan 2026 11:59:50 GMT"), -9001ms) << "it may be anywhere in that second";
  EXPECT_EQ(skew("yesterday"), std::nullopt);
  EXPECT_EQ(clock_skew(Response{}, {noon, noon}), std::nullopt);
}

TEST(ServerClock, WhatTheExchangeExplainsIsNoDifference) {
  EXPECT_EQ(skew("Sat, 31 Jan 2026 12:00:00 GMT"), 0s);
  EXPECT_EQ(skew("Sat, 31 Jan 2026 11:59:59 GMT", {noon - 1ms, noon}), 0s);
  EXPECT_EQ(skew("Sat, 31 Jan 2026 11:58:30 GMT", {noon - 100s, noon}), 0s);
}

TEST(ServerClock, EachComparisonIsToldAndOnlyMoreThanAMinuteIsWrong) {
  std::vector<Duration> told;
  const auto compare = [&](const char* date) {
    Response response;
    response.headers.emplace("date", date);
    return compare_clocks(response, {noon, noon}, [&](Duration difference) { told.push_back(difference); });
  };
  EXPECT_EQ(compare("Sat, 31 Jan 2026 12:01:00 GMT"), std::nullopt);
  EXPECT_EQ(compare("Sat, 31 Jan 2026 12:01:01 GMT"),
            "the server's clock is 1m1s ahead of the guard's: set the clocks");
  EXPECT_EQ(compare("Sat, 31 Jan 2026 11:50:00 GMT"),
            "the server's clock is 9m59s1ms behind the guard's: set the clocks");
  EXPECT_EQ(told, (std::vector<Duration>{60s, 61s, -599'001ms}));
}

}  // namespace
}  // namespace guard::http
