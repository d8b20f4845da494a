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
  // Alerts that fire now and are not the guard's own: neither silenced (a person's silence is a person's word) nor
  // inhibited by anything but the guard itself. The union over every Alertmanager that answers; an error only if none
  // does. Never throws.
  virtual std::expected<std::vector<core::FiringAlert>, core::SourceError> firing(Duration deadline) = 0;
};

}  // namespace guard::alerts
