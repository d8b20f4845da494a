// SPDX-License-Identifier: Apache-2.0
//
// The seam to Alertmanager's list of firing alerts. Implementations block, and are safe from any thread.
#pragma once

#include "guard/core/evaluation.hpp"

#include <expected>
#include <vector>

namespace guard::alerts {

class AlertsSource {
 public:
  virtual ~AlertsSource() = default;
  // Alerts that fire now: active, neither silenced nor inhibited (a person's silence is a person's word). The union
  // over every Alertmanager that answers; an error only if none does. Never throws.
  virtual std::expected<std::vector<core::FiringAlert>, core::SourceError> firing(Duration deadline) = 0;
};

}  // namespace guard::alerts
