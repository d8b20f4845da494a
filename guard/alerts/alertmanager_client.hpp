// SPDX-License-Identifier: Apache-2.0
//
// Reads firing alerts from Alertmanager's API v2 (alertmanager api/v2/openapi.yaml). Safe from any thread.
#pragma once

#include "guard/alerts/alerts_source.hpp"
#include "guard/http/client.hpp"

#include <string_view>
#include <vector>

namespace guard::alerts {

// The alerts of one answer of GET /api/v2/alerts that say something about a service: not the guard's own ones, and not
// those that anything but these inhibits. An error for anything else. Pure.
std::expected<std::vector<core::FiringAlert>, core::SourceError> decode_alerts(int status, std::string_view body);

class AlertmanagerClient final : public AlertsSource {
 public:
  explicit AlertmanagerClient(std::vector<http::Client> servers) : servers_(std::move(servers)) {}
  std::expected<std::vector<core::FiringAlert>, core::SourceError> firing(Duration deadline) override;

 private:
  std::vector<http::Client> servers_;
};

}  // namespace guard::alerts
