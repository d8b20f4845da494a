// SPDX-License-Identifier: Apache-2.0
#include "guard/core/unread.hpp"

#include "guard/core/counted_time.hpp"
#include "guard/core/evidence.hpp"

#include <algorithm>

namespace guard::core {
namespace {

// The moment at which the watch's clock showed `age`, or began to run, whichever is later.
Instant when_aged(const WatchClock& clock, Duration age) {
  return *clock.as_of + std::max(Duration{0}, age - clock.elapsed);
}

// A signal about the release says nothing once it is rolled back, and is not asked for any more.
bool is_asked(const RuleState& state) {
  return state.reason != Reason::signal_of_release;
}

bool is_read_now(const Watch& watch) {
  return is_judged(watch.phase) && !watch.paused && watch.clock.as_of;
}

Instant later(Instant begin, const std::optional<Instant>& reading) {
  return reading && reading->mono > begin.mono ? *reading : begin;
}

}  // namespace

std::optional<WallTime> unread_since(const Watch& watch, std::size_t index, Instant now) {
  if (!decides(watch.group->rules[index]) || !is_read_now(watch) || !is_asked(watch.rules[index])) return std::nullopt;
  if (watch.awaits_serving()) return std::nullopt;
  const auto since = later(when_aged(watch.clock, counts_from(watch)), watch.rules[index].read);
  if (now.mono - since.mono < unread_intervals * watch.group->interval) return std::nullopt;
  return since.wall;
}

Duration reading_lag(const Watch& watch, Instant now) {
  Duration lag{0};
  if (!is_read_now(watch)) return lag;
  const auto began = when_aged(watch.clock, watch.phase == Phase::verifying ? watch.phase_began : Duration{0});
  for (const auto& state : watch.rules) {
    if (!is_asked(state)) continue;
    const auto asked = later(began, state.last ? std::optional(state.last->at) : std::nullopt);
    lag = std::max(lag, now.mono - asked.mono - watch.group->interval);
  }
  return lag;
}

}  // namespace guard::core
