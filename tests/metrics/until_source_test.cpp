// SPDX-License-Identifier: Apache-2.0
#include "guard/metrics/until_source.hpp"

#include "tests/support/step_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::metrics {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Asked final : public MetricsSource {
 public:
  model::Samples query(const InstantQuery& query) override { return answer(query.deadline); }
  model::Samples query_raw(const InstantQuery& query) override { return answer(query.deadline); }
  model::Samples query_range(const RangeQuery& query) override { return answer(query.deadline); }

  model::Samples answer(Duration deadline) {
    ++times;
    given = deadline;
    if (failing) return std::unexpected(model::SourceError{model::Reason::query_failed, "gone", transient});
    return std::vector<model::Sample>{};
  }

  int times = 0;
  Duration given{0};
  bool failing = false;
  bool transient = true;
};

class Until : public testing::Test {
 protected:
  test::StepClock clock;
  Asked source;
  UntilSource until{source, clock, clock.now().mono + Duration(10s)};
};

TEST_F(Until, NoQuestionMayTakeLongerThanIsLeft) {
  until.query({"x", {}, 5s});
  EXPECT_EQ(source.given, Duration(5s));
  clock.step(8s);
  until.query_range({"x", {}, {}, 1s, 5s});
  EXPECT_EQ(source.given, Duration(2s));
}

TEST_F(Until, AfterwardsNothingIsAsked) {
  clock.step(10s);
  EXPECT_TRUE(until.is_over());
  const auto answer = until.query_raw({"x[1m]", {}, 5s});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("time for questions is over"));
  EXPECT_EQ(source.times, 0);
}

TEST_F(Until, WhoDoesNotAnswerIsNotAskedOn) {
  source.failing = true;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(until.query({"x", {}, 5s}).error().message, "gone");
  EXPECT_EQ(source.times, 3);
}

TEST_F(Until, ARefusalIsAnAnswer) {
  source.failing = true;
  source.transient = false;
  for (int i = 0; i < 10; ++i) until.query({"x", {}, 5s});
  EXPECT_EQ(source.times, 10);
}

}  // namespace
}  // namespace guard::metrics
