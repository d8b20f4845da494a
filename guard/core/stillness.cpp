// SPDX-License-Identifier: Apache-2.0
#include "guard/core/stillness.hpp"

#include "guard/base/duration.hpp"
#include "guard/promql/freshness.hpp"
#include "guard/promql/metric_name.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

namespace guard::core {
namespace {

// Hundreds of readings and scrapes: what lives has moved by then, in its last digit at least.
constexpr Duration long_enough = std::chrono::hours(1);

constexpr std::array<std::string_view, 7> no_gauges{"_total", "_count", "_sum", "_bucket", "_created", "_info", "_up"};

bool is_gauge(const promql::PlainSelector& selector) {
  const auto name = promql::metric_name(selector.text);
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  return selector.range.empty() && !name.empty() && name != "up" && std::ranges::none_of(no_gauges, ends);
}

bool is_followed(const Evaluation& reading) {
  return reading.outcome == Outcome::ok || reading.outcome == Outcome::breach;
}

}  // namespace

void follow_value(RuleState& state, const Evaluation& reading) {
  if (state.moved || !is_followed(reading)) return;
  if (!state.still) state.still = Still{*reading.value, reading.at.wall};
  if (state.still->value == *reading.value) return;
  state.moved = true;
  state.still.reset();
}

void follow_values_before(RuleState& state, const std::vector<Evaluation>& readings) {
  RuleState before;
  for (const auto& reading : readings) follow_value(before, reading);
  const bool differs = before.still && state.still && before.still->value != state.still->value;
  if (before.moved || differs) state.moved = true;
  if (state.moved)
    state.still.reset();
  else if (before.still)
    state.still = before.still;
}

bool reads_gauge(const Rule& rule) {
  const auto& [comparison, bound, unit, of_baseline] = rule.objective;
  const bool below = comparison == Comparison::less || comparison == Comparison::less_equal;
  const bool is_state = unit == Unit::number && bound <= 1;
  if (!rule.expr || !below || of_baseline || is_state) return false;
  const auto selectors = promql::plain_selectors(promql::read_selectors(rule.expr->source(), promql::Syntax::promql));
  return !selectors.empty() && std::ranges::all_of(selectors, is_gauge);
}

std::optional<std::string> still_words(const Rule& rule, const RuleState& state) {
  if (!state.still || !state.last || state.last->outcome != Outcome::ok) return std::nullopt;
  const auto lasted = state.last->at.wall - state.still->since;
  const bool nothing = rule.objective.unit == Unit::ratio && state.still->value == 0;
  if (lasted < long_enough || nothing || !reads_gauge(rule)) return std::nullopt;
  return fmt::format("it has not moved from {} for {}: where nothing sets it, the rule cannot break",
                     format_quantity(state.still->value, value_unit(rule.objective)),
                     format_duration(std::chrono::floor<std::chrono::minutes>(lasted)));
}

}  // namespace guard::core
