// SPDX-License-Identifier: Apache-2.0
//
// Families of gauges that are made anew at each scrape, and the values put into them. Pure.
#pragma once

#include "guard/base/time.hpp"

#include <optional>
#include <string>
#include <vector>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {

using Labels = std::vector<prometheus::ClientMetric::Label>;

prometheus::MetricFamily gauge(const std::string& name, const std::string& help);

// What is not known has no series. Times are Unix times in seconds.
void put(prometheus::MetricFamily& family, Labels labels, double value);
void put(prometheus::MetricFamily& family, const Labels& labels, std::optional<double> value);
void put(prometheus::MetricFamily& family, const Labels& labels, std::optional<Duration> time);
void put(prometheus::MetricFamily& family, const Labels& labels, std::optional<WallTime> at);

}  // namespace guard::exporters
