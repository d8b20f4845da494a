// SPDX-License-Identifier: Apache-2.0
#include "guard/core/counter_answer.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/counted_time.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
std::optional<WallTime> newest(const std::vector<Sample>& samples) {
  if (samples.empty()) return std::nullopt;
  return std::ranges::max(samples, {}, &Sample::at).at;
}

Evaluation told_nothing(const Rule& rule, Outcome outcome, Reason reason, std::string detail) {
  return {outcome, reason, std::nullopt, rule.objective.bound, std::move(detail), {}};
}

std::optional<Evaluation> no_answer(const Rule& rule, const Samples& answer) {
  if (!answer) return told_nothing(rule, Outcome::error, answer.error().reason, answer.error().message);
  if (answer->size() <= most_counted_samples) return std::nullopt;
  return told_nothing(rule, Outcome::error, Reason::wrong_type,
                      fmt::format("a selector of it has {} samples in one round; make it narrower, or sum them up by a "
                                  "recording rule",
                                  answer->size()));
}

std::optional<Evaluation> unusable(const Rule& rule, const std::vector<Sample>& all, const std::vector<Sample>& mine,
                                   Instant now) {
  const auto at = newest(mine);
  if (!at) return told_nothing(rule, Outcome::no_data, Reason::empty_result, nothing_of_release(all));
  if (rule.max_age > Duration{0} && now.wall - *at > rule.max_age)
    return told_nothing(rule, Outcome::no_data, Reason::stale_sample,
                        fmt::format("the newest sample is {} old, max_age is {}", format_duration(now.wall - *at),
                                    format_duration(rule.max_age)));
  return std::nullopt;
}

Counting counting_at(const Watch& watch, std::size_t index, Duration scraped_each, Instant now) {
  const auto& state = watch.rules[index];
  const auto age = watch.clock.age(now);
  const auto over = std::max(Duration{0}, age - counts_until(watch));
  const bool followed = state.verdict == Verdict::pending;
  const auto passed_over = state.share ? state.share->passed_over : Duration{0};
  return {now.wall - (age - std::max(passed_over, counts_from(watch))), followed ? now.wall : now.wall - over,
          watch.group->interval, scraped_each};
}

double arrivals_in_watch(const Watch& watch) {
  const auto counted = counts_until(watch) - counts_from(watch);
  return static_cast<double>(counted.count()) / static_cast<double>(watch.group->interval.count());
}

Duration margin_before(const Rule& rule, Duration interval) {
  return std::max(rule.max_age, 2 * interval);
}

Duration counted_range(const Watch& watch, std::size_t index, Instant now) {
  const auto& state = watch.rules[index].share;
  const auto before = margin_before(watch.group->rules[index], watch.group->interval);
  if (watch.is_settling(now) || watch.paused) return before;
  const auto counting = watch.clock.age(now) - counts_from(watch);
  const auto counted = state ? std::min(counting, now.wall - state->counted_to) : counting;
  return std::clamp(counted, Duration{0}, watch.group->window) + before;
}

}  // namespace guard::core
