// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/received_alerts.hpp"

#include <algorithm>

namespace guard::alerts {
namespace {

// Far more than a stack that a person could still look at; beyond it the oldest of the resolved are let go.
constexpr std::size_t remembered = 10000;

}  // namespace

bool is_outdated(const ReceivedAlert& heard, const ReceivedAlert& known) {
  if (heard.alert.starts_at != known.alert.starts_at) return heard.alert.starts_at < known.alert.starts_at;
  if (heard.alert.status == AlertStatus::resolved || known.alert.status == AlertStatus::firing) return false;
  // Either way: a clock that was set back tells nothing of the order.
  return std::chrono::abs(heard.received_at - known.received_at) < longest_overtaking;
}

// Whether the alert was news. A repetition is none, but when it was heard counts from then on.
bool ReceivedAlerts::take(const ReceivedAlert& heard) {
  const auto [it, inserted] = by_fingerprint_.try_emplace(heard.alert.fingerprint, heard);
  if (inserted) return true;
  auto& known = it->second;
  if (is_outdated(heard, known)) return false;
  const bool repeats = heard.alert.starts_at == known.alert.starts_at && heard.alert.status == known.alert.status;
  known = heard;
  return !repeats;
}

void ReceivedAlerts::note_cut(const Notification& notification, WallTime at) {
  std::erase_if(cut_short_, [&](const auto& group) { return at - group.second >= cut_counts_for; });
  if (notification.truncated_alerts > 0)
    cut_short_[notification.group_key] = at;
  else
    cut_short_.erase(notification.group_key);
}

std::optional<core::SourceError> ReceivedAlerts::doubt(WallTime now) const {
  const bool cut =
      std::ranges::any_of(cut_short_, [&](const auto& group) { return now - group.second < cut_counts_for; });
  if (!cut) return std::nullopt;
  return core::SourceError{core::Reason::partial_result,
                           "Alertmanager cut its message short: set max_alerts of the guard's receiver to 0, or give "
                           "alertmanager.urls",
                           true};
}

void ReceivedAlerts::let_go() {
  if (by_fingerprint_.size() <= remembered) return;
  std::vector<std::pair<WallTime, std::string>> resolved;
  for (const auto& [fingerprint, received] : by_fingerprint_)
    if (received.alert.status == AlertStatus::resolved) resolved.emplace_back(received.alert.starts_at, fingerprint);
  std::sort(resolved.begin(), resolved.end());
  resolved.resize(std::min(resolved.size(), by_fingerprint_.size() - remembered));
  for (const auto& [starts_at, fingerprint] : resolved) by_fingerprint_.erase(fingerprint);
}

std::size_t ReceivedAlerts::apply(const Notification& notification, WallTime at) {
  heard_at_ = at;
  const auto news = std::count_if(notification.alerts.begin(), notification.alerts.end(),
                                  [&](const Alert& alert) { return take({alert, notification.group_key, at}); });
  note_cut(notification, at);
  let_go();
  return static_cast<std::size_t>(news);
}

void ReceivedAlerts::restore(const std::vector<ReceivedAlert>& alerts, const std::vector<GroupHeard>& cut_short,
                             std::optional<WallTime> heard_at) {
  for (const auto& alert : alerts) take(alert);
  for (const auto& group : cut_short) cut_short_[group.key] = group.received_at;
  heard_at_ = heard_at;
}

std::vector<core::FiringAlert> ReceivedAlerts::firing() const {
  std::vector<core::FiringAlert> out;
  for (const auto& [fingerprint, received] : by_fingerprint_)
    if (received.alert.status == AlertStatus::firing)
      out.push_back({fingerprint, received.alert.labels, received.alert.starts_at});
  return out;
}

}  // namespace guard::alerts
