// SPDX-License-Identifier: Apache-2.0
//
// Reads firing alerts from Alertmanager's API v2 (alertmanager api/v2/openapi.yaml). Safe from any thread.
#pragma once

#include "guard/alerts/alerts_source.hpp"
#include "guard/base/clock.hpp"
#include "guard/http/client.hpp"
#include "guard/http/server_clock.hpp"

#include <string_view>
#include <vector>

namespace guard::alerts {

// The alerts of one answer of GET /api/v2/alerts that say something about a service: not the guard's own ones. Those
// that are silenced, or inhibited by anything but the guard's own, are marked. An error for anything else. Pure.
std::expected<std::vector<model::FiringAlert>, model::SourceError> decode_alerts(int status, std::string_view body);

// Since when the Alertmanager runs that gave this answer of GET /api/v2/status, by its own clock. An error for anything
// else. Pure.
std::expected<WallTime, model::SourceError> decode_up_since(int status, std::string_view body);

class AlertmanagerClient final : public AlertsSource {
 public:
  struct Options {
    // An Alertmanager keeps no alerts over a restart. One that has been up for less than this may not have been told of
    // all again, so without an older peer beside it there is a doubt. Zero asks none for how long it has been up.
    Duration warm_up{0};
    http::SkewObserver skew = {};  // told how the clock of the Alertmanager that differs most compares
  };
  // The servers' clocks are compared with `clock`, which must outlive the client.
  AlertmanagerClient(std::vector<http::Client> servers, Options options, const Clock& clock)
      : servers_(std::move(servers)), options_(std::move(options)), clock_(clock) {}
  std::expected<model::AlertList, model::SourceError> firing(WallTime now, Duration deadline) override;

  // Whether each of the servers answers as an Alertmanager does, in their order; together within `deadline`.
  std::vector<std::expected<void, model::SourceError>> probe(Duration deadline) const;

 private:
  std::vector<http::Client> servers_;
  Options options_;
  const Clock& clock_;
};

}  // namespace guard::alerts
