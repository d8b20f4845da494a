// SPDX-License-Identifier: Apache-2.0
#include "guard/core/recent_preflight.hpp"

#include "guard/base/time_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

// Whoever may run preflights may name any service that a rule group matches.
constexpr std::size_t most_places = 1000;

std::string command_for(const ReleaseSpec& spec) {
  return fmt::format("release-guard preflight --service {} --environment {} --version {}", spec.service,
                     spec.environment, spec.version.empty() ? "VERSION" : spec.version);
}

}  // namespace

void RecentPreflights::keep(const Place& place, bool passed, Instant began) {
  latest_[place] = {began, passed};
  if (latest_.size() <= most_places) return;
  latest_.erase(std::ranges::min_element(latest_, {}, [](const auto& entry) { return entry.second.began.mono; }));
}

Shown RecentPreflights::shown_of(const Requirement& requirement, const ReleaseSpec& spec, Instant now) const {
  const auto found = latest_.find(spec.place());
  if (found == latest_.end())
    return {false,
            fmt::format("none of {} in {} is known since this guard was started", spec.service, spec.environment),
            "run " + command_for(spec)};
  const auto ago = now.mono - found->second.began.mono;
  if (!found->second.passed)
    return {false, fmt::format("the one of {} ago failed", short_duration(ago)),
            "mend what it found, and run it again: " + command_for(spec)};
  if (ago <= requirement.preflight)
    return {true, fmt::format("the preflight of {} ago passed", short_duration(ago)), ""};
  return {false, fmt::format("the last one passed {} ago", short_duration(ago)), "run it again: " + command_for(spec)};
}

}  // namespace guard::core
