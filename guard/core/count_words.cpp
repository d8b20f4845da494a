// SPDX-License-Identifier: Apache-2.0
#include "guard/core/count_words.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/ratio_bets.hpp"
#include "guard/core/share_words.hpp"

#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

std::string against(const Rule& rule, const Events& events) {
  auto objective = format_objective(rule.objective);
  if (events.bad <= 0) return objective;
  return fmt::format("{} against {}",
                     format_against(events_now(events) / events.bad, rule.objective.bound, Unit::ratio), objective);
}

std::string where(const Events& events, Duration distance) {
  return fmt::format("where {:.0f} came {} before", events.bad, format_duration(distance));
}

}  // namespace

Events recent_of(const ShareState& state) {
  Events out;
  for (const auto& arrival : state.minute) add(out, arrival.events);
  return out;
}

Duration span_of_recent(const ShareState& state) {
  return state.minute.empty() ? Duration{0} : state.minute.back().at - state.minute.front().at;
}

std::string count_words(const Rule& rule, const Events& events, Duration distance) {
  return fmt::format("{:.0f} so far, {}, {}", events_now(events), where(events, distance), against(rule, events));
}

std::string few_words(const Rule& rule, const ShareState& state, Duration distance) {
  const auto recent = recent_of(state);
  return fmt::format("{:.0f} in {}, {}, {}, {}", events_now(recent),
                     format_duration(std::chrono::round<std::chrono::seconds>(span_of_recent(state))),
                     where(recent, distance), against(rule, recent), chance_words(rule, state));
}

std::string too_few_expected_words(const Rule& rule, const ShareState& state) {
  return fmt::format("{:.0f} expected so far, and it can be judged from {} on", state.events.bad, needed_events(rule));
}

}  // namespace guard::core
