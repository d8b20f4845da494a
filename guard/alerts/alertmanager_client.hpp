// SPDX-License-Identifier: Apache-2.0
//
// Reads firing alerts from Alertmanager's API v2 (alertmanager api/v2/openapi.yaml). Safe from any thread.
#pragma once

#include "guard/alerts/alerts_source.hpp"
#include "guard/http/client.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace guard::alerts {

// The alerts of one answer of GET /api/v2/alerts that say something about a service: not the guard's own ones, and not
// those that anything but these inhibits. An error for anything else. Pure.
std::expected<std::vector<core::FiringAlert>, core::SourceError> decode_alerts(int status, std::string_view body);

// Since when the Alertmanager runs that gave this answer of GET /api/v2/status, by its own clock. An error for anything
// else. Pure.
std::expected<WallTime, core::SourceError> decode_up_since(int status, std::string_view body);

class AlertmanagerClient final : public AlertsSource {
 public:
  // An Alertmanager keeps no alerts over a restart. One that has been up for less than `warm_up` may not have been told
  // of all again, so without an older peer beside it there is a doubt. Zero asks none for how long it has been up.
  AlertmanagerClient(std::vector<http::Client> servers, Duration warm_up)
      : servers_(std::move(servers)), warm_up_(warm_up) {}
  std::expected<Listing, core::SourceError> firing(WallTime now, Duration deadline) override;

 private:
  std::optional<core::SourceError> doubt(const http::Client& server, WallTime now, Duration deadline) const;

  std::vector<http::Client> servers_;
  Duration warm_up_;
};

}  // namespace guard::alerts
