// SPDX-License-Identifier: Apache-2.0
//
// The seam to Alertmanager's list of firing alerts. Implementations block, and are safe from any thread.
#pragma once

#include "guard/model/alert.hpp"
#include "guard/model/sample.hpp"

#include <expected>

namespace guard::alerts {

class AlertsSource {
 public:
  virtual ~AlertsSource() = default;
  // Alerts that fire at `now` and are not the guard's own. Silenced (a person's silence is a person's word) and
  // inhibited ones, by anything but the guard itself, are marked as muted. The union over every Alertmanager that
  // answers and has the guard's time; an error only if there is none. Returns within `deadline`. Never throws.
  virtual std::expected<model::AlertList, model::SourceError> firing(WallTime now, Duration deadline) = 0;
};

}  // namespace guard::alerts
