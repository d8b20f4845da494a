// SPDX-License-Identifier: Apache-2.0
//
// Where releases stand and how their objectives are, made at each scrape from a snapshot: series of a service that is
// gone vanish with it. Collect() calls the snapshot function, on whatever thread it is called.
#pragma once

#include "guard/story/views.hpp"

#include <functional>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace guard::exporters {

class ReleaseCollector final : public prometheus::Collectable {
 public:
  using Snapshot = std::function<std::vector<story::ReleaseView>()>;

  // Of several releases of one service and environment, the one announced last is shown.
  explicit ReleaseCollector(Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

  // release_phase has a series for every phase and slo_state one for every verdict, 1 for the one that is. The slo_
  // series end with the release: nothing reads a rule after that, and its last value would look like the present.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Snapshot snapshot_;
};

}  // namespace guard::exporters
