// SPDX-License-Identifier: Apache-2.0
//
// What webhooks have told of alerts. Alertmanager delivers at least once and out of order: an alert is known by its
// fingerprint, the newer start wins, and for one start "resolved" is final while a "firing" may still be an overtaken
// one. How much is kept has a limit; what is left out is said. Pure bookkeeping; one owner.
#pragma once

#include "guard/alerts/webhook.hpp"
#include "guard/model/alert.hpp"
#include "guard/model/sample.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::alerts {

// Messages may overtake each other by this much: peers of a cluster wait 15 s for one another before they send too. An
// alert that is told to fire that long after its end fires again: an Alertmanager that was cut off from Prometheus ends
// it, and then is told of it once more, with the start it always had.
constexpr Duration longest_overtaking = std::chrono::seconds(30);

// Alertmanager repeats what fires (repeat_interval, 4h unless set) and says nothing more of a group that is gone, even
// if its last message was cut short.
constexpr Duration cut_counts_for = std::chrono::hours(24);

// An alert as last heard by webhook.
struct ReceivedAlert {
  Alert alert;
  std::string group_key;
  WallTime received_at{};

  bool operator==(const ReceivedAlert&) const = default;
};

// Whether the last message of a group of alerts left some out, by max_alerts.
struct GroupHeard {
  std::string key;
  bool cut_short = false;
  WallTime received_at{};

  bool operator==(const GroupHeard&) const = default;
};

// Far more than a stack that a person could still look at, and than what the guard needs to know of a release.
constexpr std::size_t most_alerts = 10000;
constexpr std::size_t most_bytes = std::size_t{16} << 20U;  // of their labels
constexpr std::size_t most_cut_groups = 1000;

// True if `heard` is older than what is `known` of the same alert, and must not replace it. What began, so it says,
// when neither of them had been heard yet, is by a clock that is wrong, and hides nothing: anything else is newer.
bool is_outdated(const ReceivedAlert& heard, const ReceivedAlert& known);

class ReceivedAlerts {
 public:
  struct Applied {
    std::vector<model::Labels> news;   // of the alerts that were news
    std::vector<std::string> evicted;  // the fingerprints of those no longer kept, so that there is room
    std::optional<GroupHeard> cut;     // said of them, where something among them still fired
    std::vector<GroupHeard> groups;    // whose marks the journal has otherwise; in this order
  };
  // Takes a notification that was received at `at`.
  Applied apply(const Notification& notification, WallTime at);
  // Takes what the journal held. There is no room for all of it where the limits were others.
  Applied restore(const std::vector<ReceivedAlert>& alerts, const std::vector<GroupHeard>& cut_short,
                  std::optional<WallTime> heard_at);

  // Of these, in the order heard, what replaces what is kept: each alert once, as apply() would leave it. The journal
  // stores that, so that a restart goes on from what was known.
  std::vector<ReceivedAlert> newest(std::vector<ReceivedAlert> heard) const;
  bool keeps(const std::string& fingerprint) const { return by_fingerprint_.contains(fingerprint); }

  // Alerts that have not been resolved. A message cut short by max_alerts resolves nothing. The list is made once for
  // all who ask until something changes.
  const model::FiringAlerts& firing() const;
  // Why there may be more alerts than firing() knows: the last message of some group was cut short by max_alerts, or
  // there was no room for all.
  std::optional<model::SourceError> doubt(WallTime now) const;
  // Whether that of this group was.
  bool is_cut_short(const std::string& group_key) const { return cut_short_.contains(group_key); }
  // When Alertmanager was last heard of at all.
  std::optional<WallTime> heard_at() const { return heard_at_; }

 private:
  bool take(const ReceivedAlert& heard);
  void note_cut(const Notification& notification, WallTime at, Applied& applied);
  void mark(const std::string& group, WallTime at, Applied& applied);
  void sweep(WallTime at);
  void restore(const GroupHeard& group, WallTime heard_at, Applied& applied);
  void evict(WallTime at, Applied& applied);

  std::map<std::string, ReceivedAlert> by_fingerprint_;  // without what only people read
  std::size_t bytes_ = 0;
  mutable std::optional<model::FiringAlerts> firing_;  // until something changes
  std::map<std::string, WallTime> cut_short_;          // by group_name, when it was last heard so
  WallTime swept_at_{};                                // what of it no longer counts was let go
  std::optional<WallTime> heard_at_;
};

}  // namespace guard::alerts
