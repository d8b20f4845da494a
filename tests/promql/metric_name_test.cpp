// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/metric_name.hpp"

#include <gtest/gtest.h>

namespace guard::promql {
namespace {

TEST(MetricName, IsWhatStandsBeforeTheBraces) {
  EXPECT_EQ(metric_name("up"), "up");
  EXPECT_EQ(metric_name(R"(up{job="a{b"})"), "up");
  EXPECT_EQ(metric_name(" http_requests_total\n  {code=\"500\"}"), "http_requests_total");
  EXPECT_EQ(metric_name(R"({__name__="up"})"), "");
}

}  // namespace
}  // namespace guard::promql
