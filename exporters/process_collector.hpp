// SPDX-License-Identifier: Apache-2.0
//
// What the guard's process uses, by the names every Prometheus client library has for it (prometheus/docs,
// instrumenting/writing_clientlibs). Reads /proc at each scrape; safe from any thread.
#pragma once

#include <filesystem>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {

class ProcessCollector final : public prometheus::Collectable {
 public:
  // `proc` is where procfs is mounted; its folder `self` is the process that is shown.
  explicit ProcessCollector(std::filesystem::path proc = "/proc") : proc_(std::move(proc)) {}

  // What cannot be read is left out.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::filesystem::path proc_;
};

}  // namespace guard::exporters
