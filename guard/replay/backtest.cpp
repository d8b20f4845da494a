// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/backtest.hpp"

#include "guard/core/beginning.hpp"
#include "guard/metrics/read_ahead.hpp"
#include "guard/replay/thin.hpp"

#include <algorithm>

namespace guard::replay {
namespace {

// Of all rules at one moment.
void keep_points(std::vector<std::vector<Point>>& all, const model::Watch& watch, Instant at) {
  all.resize(watch.rules.size());
  for (std::size_t i = 0; i < watch.rules.size(); ++i) {
    const auto& last = watch.rules[i].last;
    if (!last || last->at != at || !last->value) continue;
    all[i].push_back({at.wall, *last->value, last->bound, watch.rules[i].baseline});
    if (all[i].size() >= 2 * most_points)
      thin(all[i], [&](const Point& point) {
        return model::badness(watch.group->rules[i].objective.comparison, point.value, point.bound);
      });
  }
}

Judged judge(const Release& release, const Plan& plan, const History& history) {
  Judged out;
  out.course.release = release;
  out.group = core::group_for(release.spec, plan.groups).value_or(nullptr);
  if (!out.group) return out;
  metrics::ReadAhead ahead(history.metrics, {out.group->interval, read_until(release, *out.group, history)});
  const History near{ahead, history.ends_at, history.deadline};
  out.course = replay(release, out.group, near, [&](const Course& course, Instant at) {
    if (plan.charts) keep_points(out.points, course.watch, at);
    return true;
  });
  if (out.course.conclusions.empty() && out.course.ending != Ending::warned) out.points.clear();
  out.course.watch = {};
  return out;
}

}  // namespace

std::vector<Judged> backtest(const Plan& plan, const History& history, const OnRelease& on_release) {
  std::vector<Judged> out;
  for (std::size_t i = 0; i < plan.releases.size() && on_release(i); ++i)
    out.push_back(judge(plan.releases[i], plan, history));
  return out;
}

Summary summary_of(const std::vector<Judged>& judged) {
  Summary summary;
  std::vector<WallTime> kept;
  for (const auto& one : judged) {
    if (!one.group) {
      ++summary.unmatched;
      continue;
    }
    ++summary.judged;
    ++summary.endings[one.course.ending];
    if (one.course.ending != Ending::rolled_back) continue;
    const bool undone = one.course.release.undone;
    summary.rolled_back_undone += undone ? 1U : 0U;
    if (!undone) kept.push_back(*one.course.release.spec.live_at);
  }
  if (kept.size() >= 2) summary.quiet = (kept.back() - kept.front()) / static_cast<Duration::rep>(kept.size() - 1);
  return summary;
}

}  // namespace guard::replay
