// SPDX-License-Identifier: Apache-2.0
#include "guard/core/before_release.hpp"

#include "guard/core/moments.hpp"

#include <algorithm>
#include <cmath>

namespace guard::core {
namespace {

constexpr Duration longest_baseline_wait = std::chrono::minutes(10);

// The values that broke the objective, oldest first, and what else could be judged.
struct Judged {
  std::vector<double> broken;
  bool any_ok = false;
};

Judged count(const std::vector<Evaluation>& evaluations) {
  Judged out;
  for (const auto& evaluation : evaluations) {
    if (evaluation.outcome == Outcome::breach && evaluation.value) out.broken.push_back(*evaluation.value);
    if (evaluation.outcome == Outcome::ok) out.any_ok = true;
  }
  return out;
}

}  // namespace

PastSpan preexisting_span(const Rule& rule, Duration interval) {
  const auto counted = rule.breach.of * interval;
  return {std::max({rule.breach.sustained, Duration(counted), Duration(3 * interval)}), interval};
}

PastSpan baseline_span(const Baseline& baseline, Duration interval) {
  return {baseline.over, std::max(interval, Duration(baseline.over / 120))};
}

WallTime span_end(WallTime switch_began, Duration step) {
  return switch_began - switch_began.time_since_epoch() % step;
}

const Baseline* baseline_over(const Rule& rule) {
  const auto found = std::ranges::find_if(rule.baselines, [](const Baseline& b) { return b.over > Duration{0}; });
  return found == rule.baselines.end() ? nullptr : &*found;
}

bool baseline_is_due(const Rule& rule, const RuleState& state, Duration interval, WallTime now) {
  if (baseline_over(rule) == nullptr || state.baseline) return false;
  if (!state.baseline_asked || now < *state.baseline_asked) return true;
  const auto longest = std::max(interval, longest_baseline_wait);
  auto wait = interval;
  for (int reads = 1; reads < state.baseline_reads && wait < longest; ++reads) wait *= 2;
  // Rounds come a little early or late.
  return now - *state.baseline_asked >= std::min(wait, longest) - interval / 2;
}

BaselineReading read_baseline(const Rule& rule, const Subject& before, const Samples& points) {
  if (!points) return {std::nullopt, points.error().message};
  std::vector<double> values;
  // With a baseline of 1 a relative objective can be evaluated; only the reduced value is of interest here.
  for (const auto& evaluation : evaluate_moments(rule, before, {points, std::nullopt, 1.0}))
    if (evaluation.value && std::isfinite(*evaluation.value)) values.push_back(*evaluation.value);
  if (values.empty()) return {std::nullopt, "there is no data from before the release"};
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return {*middle, std::nullopt};
}

BaselineReading first_baseline(const Rule& rule, Subject subject, const OffsetAnswers& offsets,
                               const BaselineReading& over) {
  subject.version.clear();  // nobody says what ran so long ago
  BaselineReading out;
  for (std::size_t i = 0; i < rule.baselines.size(); ++i) {
    const bool is_over = rule.baselines[i].over > Duration{0};
    const auto told = offsets.find(i);
    if (!is_over && (told == offsets.end() || !told->second))
      return {std::nullopt, told == offsets.end() ? "it has not been read yet" : told->second.error().message};
    auto reading = is_over ? over : read_baseline(rule, subject, told->second);
    if (reading.value && *reading.value > 0) return reading;
    if (i == 0 || (reading.value && !out.value)) out = std::move(reading);
  }
  return out;
}

Past read_past(const Rule& rule, const Subject& before, const StretchAnswer& answer, const Past& known_so_far) {
  Past past = known_so_far;
  const bool answered = answer.points && (!answer.condition || *answer.condition);
  if (!answered) {
    past.known = ++past.failed_reads >= enough_failed_reads;
    return past;
  }
  const auto judged = count(evaluate_moments(rule, before, answer));
  const auto enough = static_cast<std::size_t>(std::max(rule.breach.count, 2));
  const bool counted = rule.breach.count > 0 && judged.broken.size() >= enough;
  past.known = true;
  past.breached = counted || (!judged.any_ok && judged.broken.size() >= 2);
  if (past.breached) past.value = judged.broken.back();
  // Nothing was there before either, and the rule takes that for a breach.
  if (answer.points->empty() && rule.on_no_data == MissingPolicy::breach) past.breached = true;
  return past;
}

Subject subject_before(Subject subject, Duration long_ago) {
  subject.version = subject.previous_version;
  subject.age = long_ago;
  return subject;
}

}  // namespace guard::core
