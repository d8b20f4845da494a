// SPDX-License-Identifier: Apache-2.0
#include "guard/api/accept.hpp"

#include <gtest/gtest.h>

namespace guard::api {
namespace {

bool open_metrics_for(const std::string& accept) {
  Request request;
  request.headers["accept"] = accept;
  return scrape_form(request).open_metrics;
}

bool gzip_for(const std::string& encoding) {
  Request request;
  request.headers["accept-encoding"] = encoding;
  return scrape_form(request).gzip;
}

TEST(Accept, WhoAsksForNothingGetsPlainText) {
  EXPECT_EQ(scrape_form({}), (ScrapeForm{false, false}));
  EXPECT_FALSE(open_metrics_for("*/*"));
  EXPECT_FALSE(open_metrics_for("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
  EXPECT_FALSE(open_metrics_for("application/*"));
}

TEST(Accept, PrometheusGetsOpenMetricsInEachOfItsWords) {
  for (const auto* accept :
       {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/"
        "openmetrics-text;version=0.0.1;"
        "q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/openmetrics-text", "APPLICATION/OpenMetrics-Text; Version=\"1.0.0\""})
    EXPECT_TRUE(open_metrics_for(accept)) << accept;
}

TEST(Accept, AnotherVersionIsAnotherForm) {
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;version=0.0.1"));
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.1"));
}

TEST(Accept, TheHigherWishCounts) {
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;q=0.4,text/plain;q=0.5"));
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;q=0.4,*/*;q=0.5"));
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;q=0"));
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;q=high"));
  EXPECT_FALSE(open_metrics_for("application/openmetrics-text;q=nan"));
  EXPECT_TRUE(open_metrics_for("application/openmetrics-text;q=0.5,text/plain;q=0.5"));
  EXPECT_TRUE(open_metrics_for("application/openmetrics-text;q=0.5,text/plain;q=0.1,*/*;q=0.9"))
      << "the closest name counts";
}

TEST(Accept, WhoTakesGzipGetsIt) {
  EXPECT_TRUE(gzip_for("gzip"));
  EXPECT_TRUE(gzip_for("deflate, GZIP;q=1.0, *;q=0.5"));
  EXPECT_TRUE(gzip_for("*"));
  EXPECT_TRUE(gzip_for("identity;q=0.5, gzip"));
}

TEST(Accept, WhoRatherTakesItPlainGetsItPlain) {
  EXPECT_FALSE(gzip_for(""));
  EXPECT_FALSE(gzip_for("br, zstd"));
  EXPECT_FALSE(gzip_for("gzip;q=0"));
  EXPECT_FALSE(gzip_for("gzip;q=0, *"));
  EXPECT_FALSE(gzip_for("identity, gzip;q=0.5"));
}

TEST(Accept, BrokenWordsAreNoWish) {
  for (const auto* accept : {",", ";", ";;=", "application/openmetrics-text;q", "application/openmetrics-text;q=",
                             "application/openmetrics-text;q=-1", "application/openmetrics-text;q=2", "\"", "a;b=\""})
    EXPECT_FALSE(open_metrics_for(accept)) << accept;
}

}  // namespace
}  // namespace guard::api
