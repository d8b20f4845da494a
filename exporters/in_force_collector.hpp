// SPDX-License-Identifier: Apache-2.0
//
// What holds rollbacks or releases back for everybody, as gauges. Collect() asks on the thread that calls it: the loop.
#pragma once

#include "guard/engine/guard_service.hpp"

#include <functional>
#include <vector>

#include <prometheus/collectable.h>

namespace guard::exporters {

class InForceCollector final : public prometheus::Collectable {
 public:
  using Snapshot = std::function<engine::InForce()>;

  explicit InForceCollector(Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Snapshot snapshot_;
};

}  // namespace guard::exporters
