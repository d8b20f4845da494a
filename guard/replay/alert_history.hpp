// SPDX-License-Identifier: Apache-2.0
//
// What fired at a moment of the past, as Prometheus keeps it in the series `ALERTS`; silences and inhibitions are not
// kept anywhere. One owner each.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/model/alert.hpp"

#include <expected>
#include <map>

namespace guard::replay {

class AlertHistory {
 public:
  using Answer = std::expected<model::AlertList, model::SourceError>;
  // `metrics` must outlive it. What fires at `began` already counts as older than that.
  AlertHistory(metrics::MetricsSource& metrics, WallTime began, Duration deadline)
      : metrics_(metrics), began_(began), deadline_(deadline) {}

  // Asked for one moment after the other. Where the server has no samples of anything then, nobody knows what fired.
  Answer at(WallTime now);

 private:
  model::Samples ask(const char* expr, WallTime at);
  void follow(const std::vector<model::Sample>& firing, WallTime now);

  metrics::MetricsSource& metrics_;
  WallTime began_;
  Duration deadline_;
  bool knows_before_ = false;
  std::map<model::Labels, WallTime> since_;
};

}  // namespace guard::replay
