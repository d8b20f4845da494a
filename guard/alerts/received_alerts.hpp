// SPDX-License-Identifier: Apache-2.0
//
// What webhooks have told of alerts. Alertmanager delivers at least once and out of order: an alert is known by its
// fingerprint, the newer start wins, and for one start "resolved" is final. Pure bookkeeping; one owner.
#pragma once

#include "guard/alerts/webhook.hpp"
#include "guard/core/evaluation.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace guard::alerts {

// True if `heard` says something that `known` does not: a newer start, or the end of the same one.
bool is_news(const Alert& heard, const Alert& known);

class ReceivedAlerts {
 public:
  // Takes a notification; how many of its alerts were news.
  std::size_t apply(const Notification& notification, WallTime now);
  // Takes what the journal held.
  void restore(const std::vector<Alert>& alerts, std::optional<WallTime> heard_at);

  // Alerts that have not been resolved. A message cut short by max_alerts resolves nothing.
  std::vector<core::FiringAlert> firing() const;
  // Whether the last message of any group was cut short by max_alerts: there may be more alerts than firing() knows.
  // Only since this guard started; the group's next message tells again.
  bool incomplete() const { return !cut_short_.empty(); }
  // When Alertmanager was last heard of at all.
  std::optional<WallTime> heard_at() const { return heard_at_; }

 private:
  bool take(const Alert& alert);
  void note_cut(const Notification& notification);
  void let_go();

  std::map<std::string, Alert> by_fingerprint_;
  std::set<std::string> cut_short_;  // group keys
  std::optional<WallTime> heard_at_;
};

}  // namespace guard::alerts
