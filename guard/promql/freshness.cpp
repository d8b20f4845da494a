// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/freshness.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::promql {
namespace {

constexpr const char* lookback = "5m";  // Prometheus' --query.lookback-delta
constexpr Duration far_back = std::chrono::hours(24 * 365 * 100);
constexpr const char* places = "service, environment, version";

// The sum of two durations as they are written; the other where one is empty or none.
std::string longer(const std::string& range, const std::string& by) {
  const auto [a, b] = std::pair(length_of(range), length_of(by));
  if (!a) return by;
  return b ? format_duration(*a + *b) : range;
}

// How far back a selector looks, with the subqueries around it.
std::string range_of(const Selector& selector) {
  std::string range;
  for (const auto& modifier : selector.modifiers) {
    if (modifier.kind == ModifierKind::range) range = modifier.text;
    // A subquery takes the value at each of its steps, which may be as old as the lookback lets it be.
    if (modifier.kind == ModifierKind::subquery) range = longer(range, longer(std::string(modifier.text), lookback));
  }
  return range;
}

Reach reach_of(const Selector& selector) {
  Reach out;
  for (const auto& modifier : selector.modifiers) {
    // A fixed time is farther back than any.
    const auto length = modifier.kind == ModifierKind::at ? far_back : modifier.length().value_or(Duration{0});
    out.start += length;
    if (modifier.moves()) out.offset += length;
  }
  return out;
}

// One query may be about many releases, whose series die each by itself.
std::string age_of(std::string_view newest) {
  return fmt::format("time() - max by ({}) ({})", places, newest);
}

// The last sample within a range, also of series that have ended: looked for in sixty steps, so that a series is met
// that lived for no longer than the two scrapes a rate needs.
std::optional<std::string> newest_within(const PlainSelector& selector) {
  const auto range = length_of(selector.range);
  if (!range || range->count() <= 0) return std::nullopt;
  const auto step = std::max<Duration>(std::chrono::seconds(1), *range / 60);
  return fmt::format("max_over_time(timestamp({})[{}:{}])", selector.text, selector.range, format_duration(step));
}

}  // namespace

std::vector<PlainSelector> plain_selectors(const Selectors& selectors) {
  std::vector<PlainSelector> out;
  // What looks like a metric may be a name that the expression defines, and its arguments are no selectors.
  if (selectors.defines_names) return out;
  for (const auto& selector : selectors.found) {
    if (std::ranges::any_of(selector.modifiers, &Modifier::moves)) continue;
    PlainSelector plain{std::string(selector.text), range_of(selector)};
    if (std::ranges::find(out, plain) == out.end()) out.push_back(std::move(plain));
  }
  return out;
}

Reach reach(const Selectors& selectors, Duration comparison) {
  std::vector<Reach> all;
  for (const auto& selector : selectors.found) all.push_back(reach_of(selector));
  const auto compares = [&](const Reach& one) { return one.offset >= comparison; };
  if (!std::all_of(all.begin(), all.end(), compares)) std::erase_if(all, compares);
  Reach farthest;
  for (const auto& one : all) farthest = {std::max(farthest.offset, one.offset), std::max(farthest.start, one.start)};
  return farthest;
}

AgeQueries age_queries(const Selectors& selectors) {
  AgeQueries out;
  for (const auto& selector : plain_selectors(selectors)) {
    if (const auto newest = newest_within(selector)) out.ended.emplace_back(out.now.size(), age_of(*newest));
    out.now.push_back(age_of(fmt::format("timestamp({})", selector.text)));
  }
  return out;
}

}  // namespace guard::promql
