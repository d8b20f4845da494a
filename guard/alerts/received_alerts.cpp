// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/received_alerts.hpp"

#include "guard/base/clock_tolerance.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace guard::alerts {
namespace {

// Stands among the groups whose last message was cut short, so that it ends and is stored as they are.
constexpr const char* no_room = "(the guard's own limit)";
// Stands for all whose message was cut short when there was room for no more of them. No message ends it.
constexpr const char* other_groups = "(further groups)";
// So that the groups are not gone through for each message.
constexpr Duration sweep_interval = std::chrono::minutes(1);

bool is_own_mark(std::string_view group) {
  return group == no_room || group == other_groups;
}

std::size_t size_of(const ReceivedAlert& received) {
  std::size_t bytes =
      received.alert.fingerprint.size() + received.alert.generator_url.size() + received.group_key.size();
  for (const auto& [name, value] : received.alert.labels) bytes += name.size() + value.size();
  return bytes;
}

ReceivedAlert without_words(const ReceivedAlert& heard) {
  ReceivedAlert kept;
  kept.alert.status = heard.alert.status;
  kept.alert.fingerprint = heard.alert.fingerprint;
  kept.alert.labels = heard.alert.labels;
  kept.alert.starts_at = heard.alert.starts_at;
  kept.alert.generator_url = heard.alert.generator_url;
  kept.group_key = heard.group_key;
  kept.received_at = heard.received_at;
  return kept;
}

}  // namespace

bool is_outdated(const ReceivedAlert& heard, const ReceivedAlert& known) {
  const auto newest = std::max(heard.received_at, known.received_at) + clock_tolerance;
  const bool of_the_future = heard.alert.starts_at > newest;
  if (of_the_future != (known.alert.starts_at > newest)) return of_the_future;
  if (heard.alert.starts_at != known.alert.starts_at) return heard.alert.starts_at < known.alert.starts_at;
  if (heard.alert.status == AlertStatus::resolved || known.alert.status == AlertStatus::firing) return false;
  // Either way: a clock that was set back tells nothing of the order.
  return std::chrono::abs(heard.received_at - known.received_at) < longest_overtaking;
}

// Whether the alert was news. A repetition is none, but when it was heard counts from then on.
bool ReceivedAlerts::take(const ReceivedAlert& heard) {
  const auto it = by_fingerprint_.find(heard.alert.fingerprint);
  bool news = true;
  bool fires = heard.alert.status == AlertStatus::firing;  // before or from now on
  if (it != by_fingerprint_.end()) {
    auto& known = it->second;
    if (is_outdated(heard, known)) return false;
    news = heard.alert.starts_at != known.alert.starts_at || heard.alert.status != known.alert.status;
    fires = fires || known.alert.status == AlertStatus::firing;
    bytes_ -= size_of(known);
    known = without_words(heard);
  } else {
    by_fingerprint_.emplace(heard.alert.fingerprint, without_words(heard));
  }
  bytes_ += size_of(heard);
  if (news && fires) firing_.reset();
  return news;
}

std::vector<ReceivedAlert> ReceivedAlerts::newest(std::vector<ReceivedAlert> heard) const {
  std::vector<ReceivedAlert> out;
  std::map<std::string, std::size_t> places;
  for (auto& one : heard) {
    const auto place = places.find(one.alert.fingerprint);
    const auto kept = by_fingerprint_.find(one.alert.fingerprint);
    if (place != places.end()) {
      if (!is_outdated(one, out[place->second])) out[place->second] = std::move(one);
    } else if (kept == by_fingerprint_.end() || !is_outdated(one, kept->second)) {
      places.emplace(one.alert.fingerprint, out.size());
      out.push_back(std::move(one));
    }
  }
  return out;
}

void ReceivedAlerts::sweep(WallTime at) {
  if (std::chrono::abs(at - swept_at_) < sweep_interval) return;
  swept_at_ = at;
  std::erase_if(cut_short_, [&](const auto& group) { return at - group.second >= cut_counts_for; });
}

// One more than there is room for counts with the others like it, whose mark lasts as long as that of the last of them.
void ReceivedAlerts::mark(const std::string& group, WallTime at, Applied& applied) {
  if (is_own_mark(group) || cut_short_.contains(group) || cut_short_.size() < most_cut_groups) {
    cut_short_[group] = at;
    return;
  }
  auto& others = cut_short_[other_groups];
  others = std::max(others, at);
  applied.groups.push_back({group, false, at});
  applied.groups.push_back({other_groups, true, others});
}

void ReceivedAlerts::note_cut(const Notification& notification, WallTime at, Applied& applied) {
  sweep(at);
  if (notification.truncated_alerts > 0)
    mark(notification.group_key, at, applied);
  else
    cut_short_.erase(notification.group_key);
}

std::optional<model::SourceError> ReceivedAlerts::doubt(WallTime now) const {
  const auto counts = [&](const auto& group) { return now - group.second < cut_counts_for; };
  const auto unknown = [](std::string message) {
    return model::SourceError{model::Reason::partial_result, std::move(message), true};
  };
  const auto full = cut_short_.find(no_room);
  if (full != cut_short_.end() && counts(*full))
    return unknown(
        fmt::format("more alerts fire than the {} that the guard keeps: let Alertmanager's route to its "
                    "receiver match fewer, or give alertmanager.urls",
                    most_alerts));
  if (std::ranges::any_of(cut_short_, counts))
    return unknown(
        "Alertmanager cut its message short: set max_alerts of the guard's receiver to 0, or give "
        "alertmanager.urls");
  return std::nullopt;
}

// A tenth more than must be, so that a full list is not gone through for each message. The longest ended go first, then
// what has not been repeated for longest.
void ReceivedAlerts::evict(WallTime at, Applied& applied) {
  if (by_fingerprint_.size() <= most_alerts && bytes_ <= most_bytes) return;
  std::vector<std::pair<std::pair<bool, WallTime>, const std::string*>> order;
  for (const auto& [fingerprint, received] : by_fingerprint_) {
    const bool fires = received.alert.status == AlertStatus::firing;
    order.push_back({{fires, fires ? received.received_at : received.alert.starts_at}, &fingerprint});
  }
  std::sort(order.begin(), order.end());
  for (const auto& [rank, fingerprint] : order) {
    if (by_fingerprint_.size() <= most_alerts / 10 * 9 && bytes_ <= most_bytes / 10 * 9) break;
    const auto it = by_fingerprint_.find(*fingerprint);
    if (rank.first) applied.cut = GroupHeard{no_room, true, at};
    bytes_ -= size_of(it->second);
    applied.evicted.push_back(it->first);
    by_fingerprint_.erase(it);
  }
  if (!applied.cut) return;
  cut_short_[no_room] = at;
  firing_.reset();
}

ReceivedAlerts::Applied ReceivedAlerts::apply(const Notification& notification, WallTime at) {
  heard_at_ = at;
  Applied applied;
  for (const auto& alert : notification.alerts)
    if (take({alert, notification.group_key, at})) applied.news.push_back(alert.labels);
  note_cut(notification, at, applied);
  evict(at, applied);
  return applied;
}

// A version before stored keys as they came, of any length and number.
void ReceivedAlerts::restore(const GroupHeard& group, WallTime heard_at, Applied& applied) {
  const auto name = is_own_mark(group.key) ? group.key : group_name(group.key);
  const bool counts = heard_at - group.received_at < cut_counts_for;
  if (name != group.key || !counts) applied.groups.push_back({group.key, false, group.received_at});
  if (!counts) return;
  if (name != group.key) applied.groups.push_back({name, true, group.received_at});
  mark(name, group.received_at, applied);
}

ReceivedAlerts::Applied ReceivedAlerts::restore(const std::vector<ReceivedAlert>& alerts,
                                                const std::vector<GroupHeard>& cut_short,
                                                std::optional<WallTime> heard_at) {
  Applied applied;
  for (const auto& alert : alerts) take(alert);
  for (const auto& group : cut_short) restore(group, heard_at.value_or(WallTime{}), applied);
  heard_at_ = heard_at;
  evict(heard_at.value_or(WallTime{}), applied);
  return applied;
}

const model::FiringAlerts& ReceivedAlerts::firing() const {
  if (firing_) return *firing_;
  std::vector<model::FiringAlert> out;
  for (const auto& [fingerprint, received] : by_fingerprint_)
    if (received.alert.status == AlertStatus::firing)
      out.push_back({fingerprint, received.alert.labels, received.alert.starts_at, model::Muted::no,
                     received.alert.generator_url});
  return firing_.emplace(std::move(out));
}

}  // namespace guard::alerts
