// SPDX-License-Identifier: Apache-2.0
//
// What holds rollbacks or releases back for everybody, as gauges, and where people see it. Safe from any thread.
#pragma once

#include "guard/engine/guard_service.hpp"

#include <string>
#include <utility>
#include <vector>

#include <prometheus/collectable.h>

namespace guard::exporters {

class InForceCollector final : public prometheus::Collectable {
 public:
  // external_url: where people reach the guard; empty: nobody has said.
  InForceCollector(story::InForce now, std::string external_url)
      : now_(std::move(now)), external_url_(std::move(external_url)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  story::InForce now_;
  std::string external_url_;
};

}  // namespace guard::exporters
