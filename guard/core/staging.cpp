// SPDX-License-Identifier: Apache-2.0
#include "guard/core/staging.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/time_text.hpp"
#include "guard/core/succession.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

using Releases = std::vector<const Watch*>;

// When another version went live after it, or nothing.
std::optional<WallTime> replaced_at(const Releases& all, const Watch& watch) {
  std::optional<WallTime> first;
  for (const auto* other : all) {
    const bool after = other->live_at && *other->live_at > *watch.live_at && other->spec.version != watch.spec.version;
    if (after && (!first || *other->live_at < *first)) first = *other->live_at;
  }
  return first;
}

// The one that says the most for its version: one that passed rather than another, of those the one that stood longest;
// of others the newest.
const Watch* best_of(const Releases& of_version, const Releases& all, WallTime now) {
  const auto rank = [&](const Watch* watch) {
    const bool passed = watch->phase == Phase::passed && watch->live_at;
    const auto stood = passed ? replaced_at(all, *watch).value_or(now) - *watch->live_at : Duration{0};
    return std::tuple(passed, stood, watch->announced_at);
  };
  const auto it = std::ranges::max_element(of_version, {}, rank);
  return it == of_version.end() ? nullptr : *it;
}

Shown stood(const Requirement& requirement, const Watch& watch, std::optional<WallTime> replaced, WallTime now) {
  const auto& where = requirement.environment;
  const auto since = replaced.value_or(now) - *watch.live_at;
  const auto so_long = fmt::format("{} passed in {}, and {} live there for {}", watch.spec.version, where,
                                   replaced ? "was" : "has been", short_duration(since));
  if (since >= requirement.stood) return {true, so_long, ""};
  const auto needs = format_duration(requirement.stood);
  if (replaced)
    return {false, fmt::format("{}, until another version took its place; it must be {}", so_long, needs),
            fmt::format("release it to {} again, and let it stand for {}", where, needs)};
  return {false, fmt::format("{}; it must be {}", so_long, needs),
          fmt::format("wait until {}", time_text(*watch.live_at + requirement.stood))};
}

}  // namespace

Shown shown_of(const FleetView& fleet, const Requirement& requirement, const std::string& service,
               const std::string& version, WallTime now) {
  const auto& where = requirement.environment;
  const auto all = fleet.at({service, where});
  auto of_version = all;
  std::erase_if(of_version, [&](const Watch* watch) { return watch->spec.version != version; });
  const auto* best = best_of(of_version, all, now);
  if (best == nullptr)
    return {false, fmt::format("no release of {} to {} is known", version, where),
            fmt::format("release it to {} first", where)};
  if (best->phase == Phase::passed && best->live_at) return stood(requirement, *best, replaced_at(all, *best), now);
  const bool open = !is_final(best->phase);
  return {false,
          fmt::format("{} has not passed in {}: its release {} is {}", version, where, best->spec.id,
                      in_words(best->phase)),
          open ? fmt::format("wait until it has passed there") : fmt::format("release it to {} again", where)};
}

bool is_required(const Watch& watch) {
  const auto& requirement = watch.group->requirement;
  if (!requirement || watch.is_rollback) return false;
  return std::ranges::find(requirement->allow, watch.spec.kind) == requirement->allow.end();
}

}  // namespace guard::core
