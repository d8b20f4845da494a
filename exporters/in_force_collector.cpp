// SPDX-License-Identifier: Apache-2.0
#include "exporters/in_force_collector.hpp"

#include <string>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {
namespace {

prometheus::MetricFamily gauge(const std::string& name, const std::string& help, double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return {"release_guard_" + name, help, prometheus::MetricType::Gauge, {metric}};
}

}  // namespace

std::vector<prometheus::MetricFamily> InForceCollector::Collect() const {
  return {
      gauge("kill_switch", "1 while the kill switch holds back every automatic rollback.", now_.kill_switch ? 1 : 0),
      gauge("freeze", "How many freezes refuse releases now.", static_cast<double>(now_.freezes.size()))};
}

}  // namespace guard::exporters
