// SPDX-License-Identifier: Apache-2.0
#include "guard/core/past.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace guard::core {
namespace {

constexpr int enough_failed_reads = 3;

// Points of one moment are judged together, as an instant query at that moment would have been.
std::map<WallTime, std::vector<Sample>> by_moment(const std::vector<Sample>& points) {
  std::map<WallTime, std::vector<Sample>> moments;
  for (const auto& point : points) moments[point.at].push_back(point);
  return moments;
}

}  // namespace

std::vector<Evaluation> evaluate_moments(const Rule& rule, const Subject& subject, const Samples& points,
                                         std::optional<double> baseline) {
  std::vector<Evaluation> evaluations;
  if (!points) return evaluations;
  for (auto& [at, samples] : by_moment(*points)) {
    ExprAnswer answer;
    answer.value = samples;
    answer.baseline = baseline;
    evaluations.push_back(evaluate_expr(rule, subject, answer, Instant{at, {}}));
  }
  return evaluations;
}

PastSpan preexisting_span(const Rule& rule, Duration interval) {
  const auto counted = rule.breach.of * interval;
  return {std::max({rule.breach.sustained, Duration(counted), Duration(3 * interval)}), interval};
}

PastSpan baseline_span(const Baseline& baseline, Duration interval) {
  return {baseline.over, std::max(interval, Duration(baseline.over / 120))};
}

BaselineReading read_baseline(const Rule& rule, const Subject& before, const Samples& points) {
  if (!points) return {std::nullopt, points.error().message};
  std::vector<double> values;
  // With a baseline of 1 a relative objective can be evaluated; only the reduced value is of interest here.
  for (const auto& evaluation : evaluate_moments(rule, before, points, 1.0))
    if (evaluation.value && std::isfinite(*evaluation.value)) values.push_back(*evaluation.value);
  if (values.empty()) return {std::nullopt, "there is no data from before the release"};
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return {*middle, ""};
}

Past read_past(const Rule& rule, const Subject& before, const Samples& points, const Past& known_so_far,
               std::optional<double> baseline) {
  Past past = known_so_far;
  if (!points) {
    past.known = ++past.failed_reads >= enough_failed_reads;
    return past;
  }
  const auto evaluations = evaluate_moments(rule, before, points, baseline);
  std::vector<double> broken;
  bool all_broken = true;
  for (const auto& evaluation : evaluations) {
    if (evaluation.outcome == Outcome::breach && evaluation.value) broken.push_back(*evaluation.value);
    if (evaluation.outcome == Outcome::ok) all_broken = false;
  }
  past.known = true;
  past.breached = all_broken && broken.size() >= 2;
  if (past.breached) past.value = broken.back();
  return past;
}

Subject subject_before(Subject subject, Duration long_ago) {
  subject.version = subject.previous_version;
  subject.age = long_ago;
  return subject;
}

}  // namespace guard::core
