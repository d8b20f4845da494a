// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/read_ahead.hpp"

#include "guard/base/duration.hpp"

#include <gtest/gtest.h>

namespace guard::metrics {
namespace {

using namespace std::chrono_literals;
using model::Sample;
using model::Samples;

constexpr WallTime begin{std::chrono::seconds(1'700'000'000)};
constexpr Duration deadline = 5s;

// One series that is worth its time, scraped every ten seconds.
class Recorded final : public MetricsSource {
 public:
  Samples query(const InstantQuery& query) override {
    ++instants;
    return std::vector{point(query.at)};
  }
  Samples query_raw(const InstantQuery& query) override {
    ++raws;
    if (refuses_long && query.expr != "x[1m]") return too_much();
    const auto range = *parse_duration(query.expr.substr(2, query.expr.size() - 3));
    std::vector<Sample> out;
    for (auto at = begin - Duration(1h); at <= query.at; at += 10s)
      if (at > query.at - range) out.push_back(point(at));
    return out;
  }
  Samples query_range(const RangeQuery& query) override {
    ++ranges;
    longest = std::max(longest, Duration(query.to - query.from));
    if (refuses_long && query.to - query.from > Duration(5min)) return too_much();
    std::vector<Sample> out;
    for (auto at = query.from; at <= query.to; at += query.step) out.push_back(point(at));
    return out;
  }

  static Sample point(WallTime at) { return {{}, static_cast<double>((at - begin).count()), at}; }
  static Samples too_much() {
    return std::unexpected(model::SourceError{model::Reason::query_failed, "too many samples", false});
  }

  int instants = 0;
  int ranges = 0;
  int raws = 0;
  Duration longest{0};
  bool refuses_long = false;
};

class ReadingAhead : public testing::Test {
 protected:
  void expect_values(WallTime from, WallTime to, const std::string& expr = "x") {
    for (auto at = from; at <= to; at += 15s)
      EXPECT_EQ(ahead_.query({expr, at, deadline}), Samples(std::vector{Recorded::point(at)}));
  }

  Recorded source_;
  ReadAhead ahead_{source_, {15s, begin + 2h}};
};

TEST_F(ReadingAhead, WhatIsAskedStepByStepIsReadInRanges) {
  expect_values(begin, begin + 2h);
  EXPECT_EQ(source_.instants, 1);
  EXPECT_EQ(source_.ranges, 2);
}

TEST_F(ReadingAhead, WhatIsAskedOnceIsAskedAsItIs) {
  expect_values(begin, begin, "x");
  expect_values(begin, begin, "y");
  EXPECT_EQ(source_.instants, 2);
  EXPECT_EQ(source_.ranges, 0);
}

TEST_F(ReadingAhead, NothingBehindTheEndIsRead) {
  expect_values(begin + 2h - 1min, begin + 2h);
  EXPECT_EQ(source_.longest, Duration(45s));
}

TEST_F(ReadingAhead, TheFirstQuestionMayLieBesideTheGrid) {
  EXPECT_TRUE(ahead_.query({"x", begin - 7s, deadline}));
  expect_values(begin, begin + 1h);
  EXPECT_EQ(source_.ranges, 2);
}

TEST_F(ReadingAhead, OneExpressionIsFollowedNowAndAWeekBefore) {
  for (auto at = begin; at <= begin + 30min; at += 15s) {
    expect_values(at, at);
    expect_values(at - Duration(168h), at - Duration(168h));
  }
  EXPECT_EQ(source_.instants, 2);
  EXPECT_EQ(source_.ranges, 2);
}

TEST_F(ReadingAhead, TwoRulesMayAskTheSame) {
  for (auto at = begin; at <= begin + 30min; at += 15s) {
    expect_values(at, at);
    expect_values(at, at);
  }
  EXPECT_EQ(source_.ranges, 1);
}

TEST_F(ReadingAhead, WhereTheServerRefusesSoMuchLessIsAsked) {
  source_.refuses_long = true;
  expect_values(begin, begin + 2h);
  EXPECT_LT(source_.instants, 8);
  EXPECT_LT(source_.ranges, 60);
}

TEST_F(ReadingAhead, EverySampleOfARangeIsPlayedBackOnce) {
  for (auto at = begin; at <= begin + 5min; at += 15s) {
    Recorded fresh;
    EXPECT_EQ(ahead_.query_raw({"x[1m]", at, deadline}), fresh.query_raw({"x[1m]", at, deadline}));
  }
  EXPECT_EQ(source_.raws, 2);
}

TEST_F(ReadingAhead, SamplesThatAreTooManyAreReadOneByOne) {
  source_.refuses_long = true;
  for (auto at = begin; at <= begin + 5min; at += 15s)
    EXPECT_EQ(ahead_.query_raw({"x[1m]", at, deadline}).value().size(), 6U);
}

}  // namespace
}  // namespace guard::metrics
