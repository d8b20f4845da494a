// SPDX-License-Identifier: Apache-2.0
#include "guard/core/delivery.hpp"

#include "guard/core/verification.hpp"

#include <algorithm>

namespace guard::core {
namespace {

constexpr Duration one_day = std::chrono::hours(24);

// Of one place, or of all.
struct Tally {
  Delivery counted;
  std::vector<Duration> restore;
  std::vector<Duration> detect;
};

// As the figures of a report have it (report/figures.hpp): each is a value that was measured.
std::optional<Duration> at_rank(std::vector<Duration> values, std::size_t index) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return values[index];
}

std::optional<Duration> median(const std::vector<Duration>& values) {
  return at_rank(values, values.size() / 2);
}

std::optional<Duration> percentile_90(const std::vector<Duration>& values) {
  return at_rank(values, values.empty() ? 0 : (90 * values.size() + 99) / 100 - 1);
}

// The oldest of those that came and the oldest of those that did not stand apart.
WallTime first_announced(const std::set<Standing>& standings) {
  const auto came = standings.lower_bound({true, WallTime::min(), ""});
  const auto oldest = standings.begin()->announced_at;
  return came == standings.end() ? oldest : std::min(oldest, came->announced_at);
}

WallTime detected_at(const Watch& watch) {
  const auto first =
      std::ranges::find_if(watch.decisions, [](const auto& decision) { return model::is_conclusion(decision.kind); });
  if (first == watch.decisions.end()) return watch.ended_at.value_or(watch.phase_since);
  return first->detected_at == WallTime{} ? first->at : first->detected_at;
}

// After its own rollback. What broke once more is not well, and where nothing was looked at nobody knows.
std::optional<WallTime> held_again(const Watch& watch) {
  if (watch.phase == Phase::rollback_failed) return std::nullopt;
  if (watch.held_again_at && !watch.broken_again_at) return watch.held_again_at;
  const bool held_at_the_end = watch.phase == Phase::rolled_back && can_be_verified(*watch.group);
  return held_at_the_end ? watch.ended_at : std::nullopt;
}

const Watch* next_good(const FleetView& fleet, const Watch& failed) {
  const Watch* next = nullptr;
  for (const auto* other : fleet.at(failed.spec.place())) {
    const bool after = other->phase == Phase::passed && other->live_at && *other->live_at > *failed.live_at;
    if (after && (next == nullptr || *other->live_at < *next->live_at)) next = other;
  }
  return next;
}

Failure failure_of(const FleetView& fleet, const Watch& watch) {
  Failure out{watch.spec.id,      watch.spec.place(), watch.spec.version, *watch.live_at,
              detected_at(watch), held_again(watch),  std::nullopt};
  const auto* next = next_good(fleet, watch);
  if (next != nullptr && *next->live_at < out.restored_at.value_or(WallTime::max())) {
    out.restored_at = next->live_at;
    out.restored_by = next->spec.id;
  }
  return out;
}

void count(Tally& tally, const Watch& watch, const std::optional<Failure>& failure) {
  auto& counted = tally.counted;
  ++counted.deployments;
  if (watch.judged) ++counted.judged;
  if (!failure) return;
  ++counted.failed;
  // A clock that was set may have turned them round.
  tally.detect.push_back(std::max(Duration{0}, failure->detected_at - failure->live_at));
  if (failure->restored_at)
    tally.restore.push_back(std::max(Duration{0}, *failure->restored_at - failure->detected_at));
  else
    ++counted.unrestored;
}

Delivery finished(Tally tally) {
  tally.counted.restore_median = median(tally.restore);
  tally.counted.restore_p90 = percentile_90(tally.restore);
  tally.counted.detect_median = median(tally.detect);
  tally.counted.detect_p90 = percentile_90(tally.detect);
  return tally.counted;
}

std::vector<DeliveryDay> days_of(const Period& period) {
  std::vector<DeliveryDay> days;
  for (auto to = period.until; to > period.from; to -= one_day)
    days.push_back({std::max(period.from, to - one_day), 0, 0});
  std::ranges::reverse(days);
  return days;
}

void count(std::vector<DeliveryDay>& days, const Watch& watch) {
  const auto after = std::ranges::upper_bound(days, *watch.live_at, {}, &DeliveryDay::from);
  if (after == days.begin()) return;
  auto& day = *std::prev(after);
  ++day.deployments;
  if (watch.failed) ++day.failed;
}

}  // namespace

Deliveries deliveries(const Fleet& fleet, const DeliveryQuery& query) {
  Deliveries out;
  out.days = days_of(query.period);
  std::map<Place, Tally> places;
  for (const auto& [place, standings] : fleet.places()) {
    const auto oldest = first_announced(standings);
    out.oldest_known = std::min(out.oldest_known.value_or(oldest), oldest);
    if (query.places.contain(place)) places.try_emplace(place);
  }
  Tally all;
  for (const auto* watch : fleet.live_between(query.period.from, query.period.until)) {
    const auto place = places.find(watch->spec.place());
    if (place == places.end() || watch->is_rollback) continue;
    std::optional<Failure> failure;
    if (watch->failed) failure = failure_of(fleet, *watch);
    count(all, *watch, failure);
    count(place->second, *watch, failure);
    count(out.days, *watch);
    if (failure) out.failures.push_back(std::move(*failure));
  }
  out.all = finished(std::move(all));
  for (auto& [place, tally] : places) out.places.push_back({place, finished(std::move(tally))});
  std::ranges::stable_sort(out.failures, std::ranges::greater{}, &Failure::live_at);
  return out;
}

}  // namespace guard::core
