// SPDX-License-Identifier: Apache-2.0
#include "guard/core/succession.hpp"

#include "guard/core/judge.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

// A pipeline that rolls back by deploying announces that too: it must not end the verification of the very rollback
// it carries out.
bool leaves_alone(const Watch& fresh, const Watch& older) {
  const bool in_rollback = older.phase == Phase::rolling_back || older.phase == Phase::verifying;
  return fresh.is_rollback && in_rollback && undoes(fresh.spec, older);
}

bool takes_place_of(const Watch& fresh, const Watch& other) {
  const bool still_to_come = other.phase == Phase::deploying && other.announced_at >= fresh.announced_at;
  return other.spec.id != fresh.spec.id && !is_final(other.phase) && !still_to_come && !leaves_alone(fresh, other);
}

// The ids of those at the place of `watch` that `wanted` holds for.
template <class Wanted>
std::vector<std::string> ids_at(const FleetView& fleet, const Watch& watch, Wanted wanted) {
  std::vector<std::string> ids;
  for (const auto* other : fleet.at(watch.spec.place()))
    if (wanted(*other)) ids.push_back(other->spec.id);
  return ids;
}

// The other releases of the place that were live.
std::vector<const Watch*> lived_beside(const FleetView& fleet, const Watch& fresh) {
  auto others = fleet.at(fresh.spec.place());
  std::erase_if(others, [&](const Watch* other) { return other->spec.id == fresh.spec.id || !other->live_at; });
  return others;
}

// The one that went live last, or nullptr.
const Watch* last_of(const std::vector<const Watch*>& lived) {
  const Watch* last = nullptr;
  for (const auto* watch : lived)
    if (last == nullptr || *watch->live_at >= *last->live_at) last = watch;
  return last;
}

// What it left running; nothing where a hook may or may not have done its work.
std::optional<std::string> left_by(const Watch& watch) {
  const auto* rollback = watch.last_rollback();
  if (rollback == nullptr || rollback->attempts.empty()) return watch.spec.version;
  if (rollback->state != CallState::confirmed) return std::nullopt;
  return rollback->target;
}

// A tag and a commit may name the same thing. What is known here as a version of its own is another.
bool is_known(const std::vector<const Watch*>& lived, const std::string& version) {
  return std::ranges::any_of(lived, [&](const Watch* other) {
    return other->spec.version == version || other->spec.previous_version == version;
  });
}

}  // namespace

bool is_gone(const Watch& watch) {
  const auto* rollback = watch.last_rollback();
  const bool undone = rollback != nullptr && rollback->state == CallState::confirmed;
  return undone && (is_final(watch.phase) || watch.phase == Phase::verifying);
}

const Watch* live_before(const FleetView& fleet, const Watch& fresh) {
  return last_of(lived_beside(fleet, fresh));
}

bool undoes(const ReleaseSpec& spec, const Watch& older) {
  const bool found_bad = older.breach_decided || older.last_rollback() != nullptr;
  const bool from_it = spec.previous_version.empty() || spec.previous_version == older.spec.version;
  const bool puts_back = spec.version == older.spec.previous_version || spec.version == older.goes_back_to();
  return found_bad && !older.is_rollback && from_it && puts_back;
}

std::optional<std::string> live_version(const FleetView& fleet, const Place& place) {
  auto lived = fleet.at(place);
  std::erase_if(lived, [](const Watch* watch) { return !watch->live_at; });
  const auto* last = last_of(lived);
  return last == nullptr ? std::nullopt : left_by(*last);
}

bool is_same_version(std::string_view one, std::string_view other) {
  constexpr std::size_t shortest_commit = 7;
  const auto bare = [](std::string_view version) { return version.substr(version.starts_with('v') ? 1 : 0); };
  one = bare(one);
  other = bare(other);
  if (one == other) return true;
  const auto shorter = std::min(one.size(), other.size());
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return shorter >= shortest_commit && one.substr(0, shorter) == other.substr(0, shorter) &&
         std::ranges::all_of(one, is_hex) && std::ranges::all_of(other, is_hex);
}

const Watch* accounts_for(const FleetView& fleet, const Place& place, std::string_view version) {
  auto lived = fleet.at(place);
  std::erase_if(lived, [](const Watch* watch) { return !watch->live_at; });
  const auto* last = last_of(lived);
  if (last == nullptr) return nullptr;
  const bool runs = !is_gone(*last) && is_same_version(last->spec.version, version);
  const bool goes_back = last->last_rollback() != nullptr && is_same_version(last->goes_back_to(), version);
  return runs || goes_back ? last : nullptr;
}

const Watch* found_before(const FleetView& fleet, const ReleaseSpec& spec) {
  for (const auto* watch : fleet.at(spec.place())) {
    const bool found = watch->spec.labels.contains(model::detected_label) && watch->spec.id != spec.id;
    if (found && !is_final(watch->phase) && is_same_version(watch->spec.version, spec.version)) return watch;
  }
  return nullptr;
}

const Watch* last_good(const FleetView& fleet, const Watch& watch) {
  auto good = lived_beside(fleet, watch);
  std::erase_if(good, [&](const Watch* other) {
    const bool before = !watch.live_at || *other->live_at <= *watch.live_at;
    return other->phase != Phase::passed || other->spec.version == watch.spec.version || !before;
  });
  return last_of(good);
}

WallTime announced_after(const FleetView& fleet, const Place& place, WallTime now) {
  auto at = now;
  for (const auto* other : fleet.at(place)) at = std::max(at, other->announced_at + Duration{1});
  return at;
}

const Watch* last_release(const FleetView& fleet, const Place& place) {
  const Watch* newest = nullptr;
  for (const auto* older : fleet.at(place)) {
    if (older->is_rollback || older->never_came()) continue;
    if (newest == nullptr || older->announced_at > newest->announced_at) newest = older;
  }
  return newest;
}

std::vector<std::string> superseded_by(const FleetView& fleet, const Watch& fresh) {
  return ids_at(fleet, fresh, [&](const Watch& other) { return takes_place_of(fresh, other); });
}

std::vector<std::string> settled_by(const FleetView& fleet, const Watch& fresh) {
  return ids_at(fleet, fresh,
                [](const Watch& other) { return other.phase == Phase::rollback_failed && !other.superseded_by; });
}

std::vector<std::string> watched_before(const FleetView& fleet, const Watch& gone) {
  return ids_at(fleet, gone, [&](const Watch& other) {
    const bool watched = other.phase == Phase::settling || other.phase == Phase::watching;
    return watched && other.announced_at < gone.announced_at;
  });
}

const Watch* newer_than(const FleetView& fleet, const Watch& watch) {
  const Watch* newer = nullptr;
  for (const auto* other : lived_beside(fleet, watch)) {
    const bool runs_after = other->announced_at > watch.announced_at && !is_gone(*other);
    if (runs_after && !undoes(other->spec, watch)) newer = other;
  }
  return newer;
}

const Watch* caller_beside(const FleetView& fleet, const Watch& watch) {
  for (const auto* other : fleet.at(watch.spec.place())) {
    if (other->spec.id != watch.spec.id && other->is_calling()) return other;
  }
  return nullptr;
}

Replaced replaced_by(const FleetView& fleet, const Watch& fresh) {
  const auto others = lived_beside(fleet, fresh);
  const auto* last = last_of(others);
  if (last == nullptr) return {};
  Replaced replaced{left_by(*last).value_or(""), false};
  const auto& version = replaced.version;
  if (version.empty() || version == fresh.spec.version || !fresh.can_go_back()) return {};
  const bool went_live_meanwhile = *last->live_at > fresh.announced_at;
  replaced.contested =
      version != fresh.spec.previous_version && (went_live_meanwhile || is_known(others, fresh.spec.previous_version));
  return replaced;
}

std::optional<std::string> words_of(const Replaced& replaced, const ReleaseSpec& spec) {
  if (replaced.version.empty() || replaced.version == spec.previous_version) return std::nullopt;
  return fmt::format("{} was live in its place before, not {}, which it names to go back to", replaced.version,
                     spec.previous_version);
}

void settle_anew(Watch& watch, Instant now) {
  watch.resettled = watch.clock.age(now) + watch.group->settle;
  for (std::size_t i = 0; i < watch.rules.size(); ++i)
    if (watch.group->rules[i].kind != RuleKind::signal) forget_streaks(watch.rules[i]);
}

}  // namespace guard::core
