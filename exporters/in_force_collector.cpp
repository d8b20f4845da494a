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

// The address of links: a dashboard knows no other way from its series to the guard that exports them.
prometheus::MetricFamily address(const std::string& url) {
  prometheus::ClientMetric metric;
  metric.label = {{"external_url", url}};
  metric.gauge.value = 1;
  return {"release_guard_web_info",
          "Always 1; the label says where people reach the guard.",
          prometheus::MetricType::Gauge,
          {metric}};
}

}  // namespace

std::vector<prometheus::MetricFamily> InForceCollector::Collect() const {
  std::vector<prometheus::MetricFamily> families{
      gauge("kill_switch", "1 while the kill switch holds back every automatic rollback.", now_.kill_switch ? 1 : 0),
      gauge("freeze", "How many freezes refuse releases now.", static_cast<double>(now_.freezes.size()))};
  if (!external_url_.empty()) families.push_back(address(external_url_));
  return families;
}

}  // namespace guard::exporters
