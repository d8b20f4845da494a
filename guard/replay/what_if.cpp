// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/what_if.hpp"

#include "guard/metrics/read_ahead.hpp"
#include "guard/metrics/remembering.hpp"
#include "guard/replay/thin.hpp"

#include <algorithm>

namespace guard::replay {
namespace {

std::optional<WallTime> rollback_called_at(const model::Watch& watch) {
  for (const auto& decision : watch.decisions) {
    if (decision.kind != model::DecisionKind::rollback) continue;
    for (const auto& attempt : decision.attempts)
      if (attempt.result != model::AttemptResult::not_started) return attempt.started_at;
  }
  return std::nullopt;
}

model::RuleGroupPtr alone(const model::RuleGroup& group, model::Rule rule) {
  auto copy = std::make_shared<model::RuleGroup>(group);
  copy->rules = {std::move(rule)};
  return copy;
}

class Trier {
 public:
  Trier(const Trial& trial, const History& history, const std::function<bool()>& goes_on)
      : trial_(trial),
        history_(history),
        goes_on_(goes_on),
        ahead_(history.metrics, {trial.group->interval, read_until(trial.release, *trial.group, history)}),
        known_(ahead_) {}

  std::optional<WhatIf> run() {
    WhatIf out;
    std::vector<Point> now;
    std::vector<Point> tried;
    out.now = judge(trial_.group->rules[trial_.rule], now);
    if (!stopped_) out.tried = judge(trial_.tried, tried);
    if (stopped_) return std::nullopt;
    out.points = joined(now, tried);
    return out;
  }

 private:
  Judged judge(const model::Rule& rule, std::vector<Point>& points) {
    Judged out;
    out.group = alone(*trial_.group, rule);
    out.course = replay(trial_.release, out.group, {known_, history_.ends_at, history_.deadline},
                        [&](const Course& course, Instant at) {
                          const auto& state = course.watch.rules[0];
                          if (state.last && state.last->at == at && state.last->value)
                            points.push_back({at.wall, *state.last->value, state.last->bound, state.baseline});
                          stopped_ = stopped_ || !goes_on_();
                          return !stopped_;
                        });
    return out;
  }

  // Both look at the same moments; a moment that only one of them read has no bound of the other.
  std::vector<TrialPoint> joined(const std::vector<Point>& now, const std::vector<Point>& tried) const {
    std::vector<TrialPoint> out;
    auto before = now.begin();
    for (const auto& point : tried) {
      while (before != now.end() && before->at < point.at) ++before;
      const bool both = before != now.end() && before->at == point.at;
      out.push_back({point.at, point.value, both ? before->bound : std::nullopt, point.bound});
    }
    while (out.size() >= 2 * most_points)
      thin(out, [&](const TrialPoint& point) {
        return model::badness(trial_.tried.objective.comparison, point.value, point.tried_bound);
      });
    return out;
  }

  const Trial& trial_;
  const History& history_;
  const std::function<bool()>& goes_on_;
  metrics::ReadAhead ahead_;
  metrics::Remembering known_;
  bool stopped_ = false;
};

}  // namespace

Release release_of(const model::Watch& watch) {
  Release out;
  out.spec = watch.spec;
  out.spec.live_at = watch.live_at;
  out.switch_began = watch.switch_began;
  out.signals = watch.signals;
  const bool gone = watch.phase == model::Phase::aborted || watch.phase == model::Phase::superseded;
  out.replaced_at = rollback_called_at(watch);
  if (!out.replaced_at && gone) out.replaced_at = watch.ended_at;
  return out;
}

std::optional<WhatIf> what_if(const Trial& trial, const History& history, const std::function<bool()>& goes_on) {
  return Trier(trial, history, goes_on).run();
}

}  // namespace guard::replay
