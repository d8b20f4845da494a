// SPDX-License-Identifier: Apache-2.0
//
// What holds rollbacks or releases back for everybody, as gauges. Safe from any thread.
#pragma once

#include "guard/engine/guard_service.hpp"

#include <utility>
#include <vector>

#include <prometheus/collectable.h>

namespace guard::exporters {

class InForceCollector final : public prometheus::Collectable {
 public:
  explicit InForceCollector(story::InForce now) : now_(std::move(now)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  story::InForce now_;
};

}  // namespace guard::exporters
