// SPDX-License-Identifier: Apache-2.0
#include "exporters/condition_collector.hpp"

#include "exporters/label_value.hpp"

namespace guard::exporters {

Duration wall_clock_jump(const Instant& began, const Instant& now) {
  return (now.wall - began.wall) - (now.mono - began.mono);
}

std::vector<prometheus::MetricFamily> ConditionCollector::Collect() const {
  prometheus::ClientMetric trouble;
  trouble.gauge.value = now_.store_trouble ? 1 : 0;
  prometheus::ClientMetric lines;
  lines.counter.value = static_cast<double>(now_.log_lines_lost);
  prometheus::ClientMetric jump;
  jump.gauge.value = std::chrono::duration<double>(now_.clock_jump).count();
  std::vector<prometheus::ClientMetric> blind;
  for (const auto& [group, is_blind] : now_.detection_blind) {
    prometheus::ClientMetric metric;
    metric.label = {{"group", label_value(group)}};
    metric.gauge.value = is_blind ? 1 : 0;
    blind.push_back(std::move(metric));
  }
  return {{"release_guard_store_trouble",
           "1 while the journal cannot be written or the disk does not answer, else 0.",
           prometheus::MetricType::Gauge,
           {trouble}},
          {"release_guard_log_lines_lost_total",
           "Lines of the log that were lost because whoever reads it did not keep up.",
           prometheus::MetricType::Counter,
           {lines}},
          {"release_guard_clock_jump_seconds",
           "By how much the wall clock was set since the guard started, forward or back; no window hangs on it.",
           prometheus::MetricType::Gauge,
           {jump}},
          {"release_guard_detection_blind",
           "By rule group that finds releases: 1 while nobody can tell which version runs, else 0.",
           prometheus::MetricType::Gauge, std::move(blind)}};
}

}  // namespace guard::exporters
