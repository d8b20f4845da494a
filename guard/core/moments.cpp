// SPDX-License-Identifier: Apache-2.0
#include "guard/core/moments.hpp"

namespace guard::core {

Moments by_moment(const Samples& points) {
  Moments moments;
  if (!points) return moments;
  for (const auto& point : *points) moments[point.at].push_back(point);
  return moments;
}

std::vector<Evaluation> evaluate_moments(const Rule& rule, const Subject& subject, const StretchAnswer& stretch) {
  const auto conditions = stretch.condition ? by_moment(*stretch.condition) : Moments{};
  std::vector<Evaluation> evaluations;
  for (auto& [at, samples] : by_moment(stretch.points)) {
    ExprAnswer answer;
    answer.value = std::move(samples);
    const auto condition = conditions.find(at);
    if (stretch.condition) answer.condition = condition == conditions.end() ? std::vector<Sample>{} : condition->second;
    answer.baseline = stretch.baseline;
    evaluations.push_back(evaluate_expr(rule, subject, answer, Instant{at, {}}));
  }
  return evaluations;
}

}  // namespace guard::core
