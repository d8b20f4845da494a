// SPDX-License-Identifier: Apache-2.0
#include "exporters/delivery_collector.hpp"

#include "exporters/gauges.hpp"
#include "exporters/label_value.hpp"

#include <map>
#include <string>
#include <utility>

namespace guard::exporters {

std::vector<prometheus::MetricFamily> DeliveryCollector::Collect() const {
  auto deployments = gauge("deployments_last_30d", "Releases that went live in the last 30 days, without rollbacks.");
  auto judged = gauge("deployments_judged_last_30d", "Those of them that came to an end that says how good they are.");
  auto failed = gauge("deployments_failed_last_30d",
                      "Those of them that ended breached, were rolled back or whose rollback failed.");
  auto unrestored =
      gauge("deployments_unrestored_last_30d", "Those of the failed after which nothing holds again yet.");
  const std::string restoring = "From the first reading of a breach until it was over: ";
  auto restore_median = gauge("time_to_restore_median_last_30d_seconds", restoring + "half were over sooner.");
  auto restore_p90 = gauge("time_to_restore_p90_last_30d_seconds", restoring + "nine of ten were over sooner.");
  const std::string detecting = "From going live until the first reading of a breach: ";
  auto detect_median = gauge("time_to_detect_median_last_30d_seconds", detecting + "half were seen sooner.");
  auto detect_p90 = gauge("time_to_detect_p90_last_30d_seconds", detecting + "nine of ten were seen sooner.");
  // As the labels will have them: two series of one name and labels fail the scrape.
  std::map<std::pair<std::string, std::string>, const story::DeliveryFigures*> places;
  for (const auto& place : view_.places)
    places[{label_value(place.service), label_value(place.environment)}] = &place.figures;
  for (const auto& [place, figures] : places) {
    const Labels labels{{"service", place.first}, {"environment", place.second}};
    put(deployments, labels, static_cast<double>(figures->deployments));
    put(judged, labels, static_cast<double>(figures->judged));
    put(failed, labels, static_cast<double>(figures->failed));
    put(unrestored, labels, static_cast<double>(figures->unrestored));
    put(restore_median, labels, figures->time_to_restore_median);
    put(restore_p90, labels, figures->time_to_restore_p90);
    put(detect_median, labels, figures->time_to_detect_median);
    put(detect_p90, labels, figures->time_to_detect_p90);
  }
  return {deployments, judged, failed, unrestored, restore_median, restore_p90, detect_median, detect_p90};
}

}  // namespace guard::exporters
