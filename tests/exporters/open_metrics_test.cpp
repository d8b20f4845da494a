// SPDX-License-Identifier: Apache-2.0
#include "exporters/open_metrics.hpp"

#include "exporters/guard_metrics.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::exporters {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using testing::HasSubstr;
using testing::Not;

MetricFamily family(const std::string& name, MetricType type, double value) {
  ClientMetric metric;
  metric.gauge.value = metric.counter.value = metric.untyped.value = value;
  return {name, "What it is.", type, {metric}};
}

std::string gauge_of(double value) {
  const auto text = open_metrics({family("g", MetricType::Gauge, value)});
  const auto at = text.find("\ng ") + 3;
  return text.substr(at, text.find('\n', at) - at);
}

TEST(OpenMetrics, ACountersFamilyIsItsNameWithoutTotal) {
  EXPECT_EQ(open_metrics({family("releases_total", MetricType::Counter, 3)}),
            "# TYPE releases counter\n# HELP releases What it is.\nreleases_total 3\n# EOF\n");
}

TEST(OpenMetrics, ACounterWithoutThatEndingKeepsItsNameAndHasNoType) {
  EXPECT_EQ(open_metrics({family("releases", MetricType::Counter, 3)}),
            "# TYPE releases unknown\n# HELP releases What it is.\nreleases 3\n# EOF\n");
}

TEST(OpenMetrics, AUnitIsSaidWhereTheNameSaysIt) {
  EXPECT_THAT(open_metrics({family("process_cpu_seconds_total", MetricType::Counter, 1)}),
              HasSubstr("# UNIT process_cpu_seconds seconds\n"));
  EXPECT_THAT(open_metrics({family("memory_bytes", MetricType::Gauge, 1)}), HasSubstr("# UNIT memory_bytes bytes\n"));
  EXPECT_THAT(open_metrics({family("seconds", MetricType::Gauge, 1)}), Not(HasSubstr("UNIT")));
  EXPECT_THAT(open_metrics({family("milliseconds", MetricType::Gauge, 1)}), Not(HasSubstr("UNIT")));
}

TEST(OpenMetrics, NumbersAreTheShortestThatReadTheSame) {
  EXPECT_EQ(gauge_of(0), "0");
  EXPECT_EQ(gauge_of(0.1), "0.1");
  EXPECT_EQ(gauge_of(1769860800.25), "1769860800.25");
  EXPECT_EQ(std::stod(gauge_of(1.0 / 3)), 1.0 / 3);
  EXPECT_EQ(gauge_of(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(gauge_of(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(gauge_of(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(OpenMetrics, TextIsEscaped) {
  auto odd = family("g", MetricType::Gauge, 1);
  odd.help = "say \"a\\b\"\nthen";
  odd.metric[0].label = {{"path", "C:\\\n\"x\""}, {"b", ""}};
  EXPECT_EQ(open_metrics({odd}),
            "# TYPE g gauge\n# HELP g say \\\"a\\\\b\\\"\\nthen\ng{path=\"C:\\\\\\n\\\"x\\\"\",b=\"\"} 1\n# EOF\n");
}

TEST(OpenMetrics, AHistogramsBoundsAreWrittenAsNumbersWithAPoint) {
  MetricFamily histogram{"took_seconds", "How long.", MetricType::Histogram, {ClientMetric{}}};
  auto& metric = histogram.metric[0];
  metric.label = {{"kind", "http"}};
  metric.histogram = {5, 7.5, {{1, 0.5}, {4, 10}, {5, std::numeric_limits<double>::infinity()}}};
  EXPECT_EQ(open_metrics({histogram}),
            "# TYPE took_seconds histogram\n# UNIT took_seconds seconds\n# HELP took_seconds How long.\n"
            "took_seconds_bucket{kind=\"http\",le=\"0.5\"} 1\n"
            "took_seconds_bucket{kind=\"http\",le=\"10.0\"} 4\n"
            "took_seconds_bucket{kind=\"http\",le=\"+Inf\"} 5\n"
            "took_seconds_count{kind=\"http\"} 5\n"
            "took_seconds_sum{kind=\"http\"} 7.5\n# EOF\n");
  metric.histogram.bucket.pop_back();
  EXPECT_THAT(open_metrics({histogram}), HasSubstr("took_seconds_bucket{kind=\"http\",le=\"+Inf\"} 5\n"));
}

TEST(OpenMetrics, ASummaryHasItsQuantiles) {
  MetricFamily summary{"took", "", MetricType::Summary, {ClientMetric{}}};
  summary.metric[0].summary = {2, 3, {{0.5, 1}, {1, 2}}};
  EXPECT_EQ(
      open_metrics({summary}),
      "# TYPE took summary\ntook{quantile=\"0.5\"} 1\ntook{quantile=\"1.0\"} 2\ntook_count 2\ntook_sum 3\n# EOF\n");
}

TEST(OpenMetrics, EveryMetricOfTheGuardHasAType) {
  const GuardMetrics metrics(Build{"1.2.3", "", "", ""});
  const auto text = open_metrics(metrics.Collect());
  EXPECT_THAT(text, Not(HasSubstr(" unknown\n")));
  EXPECT_TRUE(text.ends_with("\n# EOF\n"));
}

}  // namespace
}  // namespace guard::exporters
