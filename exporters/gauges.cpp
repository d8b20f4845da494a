// SPDX-License-Identifier: Apache-2.0
#include "exporters/gauges.hpp"

#include <chrono>
#include <utility>

namespace guard::exporters {

prometheus::MetricFamily gauge(const std::string& name, const std::string& help) {
  return {"release_guard_" + name, help, prometheus::MetricType::Gauge, {}};
}

void put(prometheus::MetricFamily& family, Labels labels, double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

void put(prometheus::MetricFamily& family, const Labels& labels, std::optional<double> value) {
  if (value) put(family, labels, *value);
}

void put(prometheus::MetricFamily& family, const Labels& labels, std::optional<Duration> time) {
  if (time) put(family, labels, std::chrono::duration<double>(*time).count());
}

void put(prometheus::MetricFamily& family, const Labels& labels, std::optional<WallTime> at) {
  if (at) put(family, labels, std::chrono::duration<double>(at->time_since_epoch()).count());
}

}  // namespace guard::exporters
