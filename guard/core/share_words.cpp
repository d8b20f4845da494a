// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share_words.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share_bounds.hpp"

#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

std::string counts(const Events& events) {
  return fmt::format("{:.0f} of {:.0f}", events.bad, events.total);
}

std::string against(const Rule& rule, const Events& events) {
  const auto& objective = rule.objective;
  if (events.total <= 0) return format_objective(objective);
  return fmt::format("{} against {}", format_against(share(events), objective.bound, objective.unit),
                     format_objective(objective));
}

// Two digits, and commas: 40,000.
std::string round_number(double value) {
  const auto scale = std::pow(10, std::max(0.0, std::floor(std::log10(value)) - 1));
  auto digits = fmt::format("{:.0f}", std::round(value / scale) * scale);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

// The bets have won so much, less what noise alone had won: the inverse is at least the chance (Ville 1939).
// They may have lost some of it since they were won.
std::string odds(const Rule& rule, const ShareState& state) {
  const auto times = std::max(won(state.bets) / state.bets.noise, 1 / (1 - confidence_of(rule)));
  if (times >= 1e9) return "not by chance";
  return fmt::format("by chance once in {} watches", round_number(times));
}

}  // namespace

std::string share_words(const Rule& rule, const ShareState& state) {
  return fmt::format("{} so far, {}", counts(state.events), against(rule, state.events));
}

std::string recent_words(const Rule& rule, const Events& events) {
  return fmt::format("{} in the last five minutes, {}", counts(events), against(rule, events));
}

std::string broken_words(const Rule& rule, const ShareState& state) {
  const auto& incident = state.incident;
  const auto lasted = incident.since == WallTime{} ? Duration{0} : state.counted_at - incident.since;
  const auto seconds = std::chrono::round<std::chrono::seconds>(lasted);
  return fmt::format("{} in {}, {}, {}", counts(incident.events), format_duration(seconds),
                     against(rule, incident.events), chance_words(rule, state));
}

std::string chance_words(const Rule& rule, const ShareState& state) {
  if (state.decided) return odds(rule, state);
  if (has_yet_to_last(rule, state)) return "not by chance, and a breach if it lasts for more than a minute";
  return fmt::format("{:.0f}% of the way to a breach", std::floor(100 * progress(state.bets, confidence_of(rule))));
}

std::string too_few_words(const Rule& rule, const ShareState& state) {
  return fmt::format("{:.0f} so far, and it can be judged from {} on", state.events.total, needed_events(rule));
}

std::string limit_words(const Rule& rule, double limit) {
  const auto& within = rule.share->within;
  if (!within || limit <= within->value) return "";
  return fmt::format("; those above {} are counted, where the bucket of {} ends", format_quantity(limit, within->unit),
                     format_quantity(within->value, within->unit));
}

std::string kept_words(const Rule& rule, const ShareState& state) {
  return fmt::format("{}; a share of up to {} may hide behind that", counts(state.events),
                     format_quantity(hidden_share(state.events), rule.objective.unit));
}

std::string more_than_all_words(const Events& events, bool part_is_good) {
  return fmt::format(
      "`{}` counts {:.0f} events where `total` counts {:.0f}, and a part is never more than the whole: "
      "compare the labels by which both select, and of buckets the `le`",
      part_is_good ? "good" : "bad", part_is_good ? events.total - events.bad : events.bad, events.total);
}

}  // namespace guard::core
