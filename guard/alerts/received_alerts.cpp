// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/received_alerts.hpp"

#include <algorithm>

namespace guard::alerts {
namespace {

// Far more than a stack that a person could still look at; beyond it the oldest of the resolved are let go.
constexpr std::size_t remembered = 10000;

}  // namespace

bool is_news(const Alert& heard, const Alert& known) {
  if (heard.starts_at != known.starts_at) return heard.starts_at > known.starts_at;
  return heard.status == AlertStatus::resolved && known.status == AlertStatus::firing;
}

bool ReceivedAlerts::take(const Alert& alert) {
  const auto [it, inserted] = by_fingerprint_.try_emplace(alert.fingerprint, alert);
  if (inserted) return true;
  if (!is_news(alert, it->second)) return false;
  it->second = alert;
  return true;
}

void ReceivedAlerts::note_cut(const Notification& notification) {
  if (notification.truncated_alerts > 0)
    cut_short_.insert(notification.group_key);
  else
    cut_short_.erase(notification.group_key);
}

void ReceivedAlerts::let_go() {
  if (by_fingerprint_.size() <= remembered) return;
  std::vector<std::pair<WallTime, std::string>> resolved;
  for (const auto& [fingerprint, alert] : by_fingerprint_)
    if (alert.status == AlertStatus::resolved) resolved.emplace_back(alert.starts_at, fingerprint);
  std::sort(resolved.begin(), resolved.end());
  resolved.resize(std::min(resolved.size(), by_fingerprint_.size() - remembered));
  for (const auto& [starts_at, fingerprint] : resolved) by_fingerprint_.erase(fingerprint);
}

std::size_t ReceivedAlerts::apply(const Notification& notification, WallTime now) {
  heard_at_ = now;
  const auto news = std::count_if(notification.alerts.begin(), notification.alerts.end(),
                                  [this](const Alert& alert) { return take(alert); });
  note_cut(notification);
  let_go();
  return static_cast<std::size_t>(news);
}

void ReceivedAlerts::restore(const std::vector<Alert>& alerts, std::optional<WallTime> heard_at) {
  for (const auto& alert : alerts) take(alert);
  heard_at_ = heard_at;
}

std::vector<core::FiringAlert> ReceivedAlerts::firing() const {
  std::vector<core::FiringAlert> out;
  for (const auto& [fingerprint, alert] : by_fingerprint_)
    if (alert.status == AlertStatus::firing) out.push_back({fingerprint, alert.labels, alert.starts_at});
  return out;
}

}  // namespace guard::alerts
