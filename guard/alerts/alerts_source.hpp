// SPDX-License-Identifier: Apache-2.0
//
// The seam to Alertmanager's list of firing alerts. Implementations block, and are safe from any thread.
#pragma once

#include "guard/core/evaluation.hpp"

#include <expected>
#include <optional>

namespace guard::alerts {

struct Listing {
  core::FiringAlerts firing;  // what is muted among them says so
  // Why more alerts may fire than are listed: then what is listed fires, but nothing is shown not to.
  std::optional<core::SourceError> doubt;
};

class AlertsSource {
 public:
  virtual ~AlertsSource() = default;
  // Alerts that fire at `now` and are not the guard's own. Silenced (a person's silence is a person's word) and
  // inhibited ones, by anything but the guard itself, are marked as muted. The union over every Alertmanager that
  // answers and has the guard's time; an error only if there is none. Returns within `deadline`. Never throws.
  virtual std::expected<Listing, core::SourceError> firing(WallTime now, Duration deadline) = 0;
};

}  // namespace guard::alerts
