// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/metric_unit.hpp"

#include <gmock/gmock.h>

namespace guard::promql {
namespace {

std::vector<std::string_view> names(std::string_view expr) {
  std::vector<std::string_view> out;
  for (const auto& unit : metric_units(expr)) out.push_back(unit.name);
  return out;
}

TEST(MetricUnits, StandAtTheEndOfANameBeforeWhatKindOfMetricItIs) {
  using testing::ElementsAre;
  EXPECT_THAT(names("took_milliseconds"), ElementsAre("milliseconds"));
  EXPECT_THAT(names("histogram_quantile(0.9, rate(took_ms_bucket{a=\"b_seconds\"}[5m]))"), ElementsAre("milliseconds"));
  EXPECT_THAT(names("rate(took_seconds_sum[5m]) / rate(took_seconds_count[5m])"), ElementsAre("seconds"));
  EXPECT_THAT(names("a_bytes / b_bytes"), ElementsAre("bytes", "bytes"));
  EXPECT_THAT(names("job:cpu:percent"), ElementsAre("percent"));
  EXPECT_THAT(names("items + alarms + seconds"), ElementsAre("seconds"));
}

TEST(MetricUnits, AreScaledByTheNumbersBetweenUnits) {
  EXPECT_DOUBLE_EQ(unit_scale("100 * a / b"), 100);
  EXPECT_DOUBLE_EQ(unit_scale("100 - avg(rate(a[5m])) * 100"), 100);
  EXPECT_DOUBLE_EQ(unit_scale("a / 1000"), 0.001);
  EXPECT_DOUBLE_EQ(unit_scale("a / 1e3 / 1e3"), 1e-6);
  EXPECT_DOUBLE_EQ(unit_scale("a * 8 / 2 + 100"), 1);
  EXPECT_DOUBLE_EQ(unit_scale("rate(a[1000s])"), 1);
}

TEST(MetricUnits, AreLostWhereSomethingIsDivided) {
  EXPECT_TRUE(divides("a / b"));
  EXPECT_TRUE(divides("a / (b)"));
  EXPECT_FALSE(divides("a / 1000"));
  EXPECT_FALSE(divides("a * b"));
}

}  // namespace
}  // namespace guard::promql
