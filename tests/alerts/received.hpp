// SPDX-License-Identifier: Apache-2.0
//
// Messages as Alertmanager sends them, and what is known after them. Pure.
#pragma once

#include "guard/alerts/received_alerts.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace guard::alerts {

using namespace std::chrono_literals;

inline constexpr WallTime message_time{std::chrono::seconds(1'769'860'800)};

inline Alert alert(AlertStatus status, Duration since = 0s, std::string fingerprint = "0123456789abcdef") {
  Alert out;
  out.status = status;
  out.fingerprint = std::move(fingerprint);
  out.labels = {{"alertname", "HighErrorRate"}, {"service", "shop"}};
  out.starts_at = message_time + since;
  return out;
}

inline Notification message(std::vector<Alert> alerts, std::uint64_t truncated = 0, const std::string& group = "g") {
  Notification out;
  out.group_key = group_name(group);
  out.truncated_alerts = truncated;
  out.alerts = std::move(alerts);
  return out;
}

class Received : public testing::Test {
 protected:
  std::size_t hear(const Notification& notification, Duration later = 0s) {
    return alerts_.apply(notification, message_time + later).news.size();
  }
  std::vector<WallTime> firing_since() const {
    std::vector<WallTime> out;
    for (const auto& firing : alerts_.firing()) out.push_back(firing.starts_at);
    return out;
  }

  ReceivedAlerts alerts_;
};

}  // namespace guard::alerts
