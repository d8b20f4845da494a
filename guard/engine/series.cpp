// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/series.hpp"

#include "guard/core/past.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::Rule;
using core::Watch;

// The share of the window that is shown of the time before the switch.
constexpr int part_before = 6;
constexpr int fewest_before = 5;  // in intervals

Result<std::size_t> find_rule(const Watch& watch, const std::string& slo) {
  const auto& rules = watch.group->rules;
  const auto it = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.slo == slo; });
  if (it == rules.end())
    return fail(ErrorCode::not_found, fmt::format("release {} has no objective of this name", watch.spec.id));
  if (it->kind != core::RuleKind::expr)
    return fail(ErrorCode::invalid, fmt::format("{} is read from {}: it has no series", slo,
                                                it->kind == core::RuleKind::alerts ? "alerts" : "a signal"));
  return static_cast<std::size_t>(it - rules.begin());
}

void lay_grid(SeriesView& view, const Watch& watch, WallTime now) {
  const auto interval = watch.group->interval;
  const auto before = std::max(Duration(watch.group->window / part_before), Duration(fewest_before * interval));
  const auto began = watch.switch_began - before;
  const auto end = std::max(began, watch.ended_at.value_or(now));
  const auto span = end - began;
  // Whole intervals on a fixed grid: the points of two charts of one release, or of one chart drawn twice, coincide.
  view.step = interval * (1 + span / (interval * static_cast<Duration::rep>(most_points)));
  view.from = began - Duration(began.time_since_epoch().count() % view.step.count());
  view.points.resize(std::min(most_points, static_cast<std::size_t>((end - view.from) / view.step) + 1));
}

// The first point of the grid that is not before `at`.
std::size_t point_at(const SeriesView& view, WallTime at) {
  const auto past = std::max(Duration{0}, Duration(at - view.from) + view.step - Duration{1});
  return std::min(view.points.size(), static_cast<std::size_t>(past / view.step));
}

std::optional<WallTime> went_back_at(const Watch& watch) {
  const auto* rollback = watch.last_rollback();
  const bool done = rollback != nullptr && rollback->state == core::CallState::confirmed;
  return done ? rollback->finished_at : std::nullopt;
}

// Adds [first, end) with this subject; to the stretch before it, where the question is the same.
Result<void> add(std::vector<Stretch>& out, const Rule& rule, Stretch stretch, std::size_t end) {
  if (stretch.first >= end) return {};
  auto expr = rule.expr->render(stretch.subject);
  if (!expr) return std::unexpected(expr.error());
  stretch.last = end - 1;
  if (!out.empty() && out.back().expr == *expr) {
    out.back().last = stretch.last;
    return {};
  }
  stretch.expr = std::move(*expr);
  out.push_back(std::move(stretch));
  return {};
}

Result<void> plan_values(SeriesPlan& plan, const Watch& watch, Instant now) {
  const auto& view = plan.empty;
  const auto switched = point_at(view, watch.switch_began);
  const auto back = went_back_at(watch);
  const auto returned = back ? std::max(switched, point_at(view, *back)) : view.points.size();
  auto subject = watch.subject(now);
  const auto before = core::subject_before(subject, watch.group->window);
  // What cannot be asked of the time before is left out; the release's own question must be possible.
  (void)add(plan.values, plan.its_rule(), {0, 0, "", before, Duration{0}}, switched);
  subject.version = watch.spec.version;
  if (auto added = add(plan.values, plan.its_rule(), {switched, 0, "", subject, Duration{0}}, returned); !added)
    return added;
  subject.version = watch.spec.previous_version;
  return add(plan.values, plan.its_rule(), {returned, 0, "", subject, Duration{0}}, view.points.size());
}

// Each point's own baseline, from `offset` before it.
Result<void> plan_baselines(SeriesPlan& plan, const Watch& watch, Instant now) {
  const auto& baseline = plan.its_rule().baseline;
  if (!baseline || baseline->offset <= Duration{0}) return {};
  return add(plan.baselines, plan.its_rule(), {0, 0, "", watch.subject(now), baseline->offset},
             plan.empty.points.size());
}

// Writes what was read into the field of each point; the first problem is kept.
void fill(SeriesView& view, const SeriesPlan& plan, const Stretch& stretch, const core::Samples& samples,
          std::optional<double> SeriesView::Point::* field) {
  if (!samples && view.problem.empty()) view.problem = samples.error().message;
  // With any baseline a relative objective can be evaluated; only the reduced value is of interest here.
  const auto baseline = plan.baseline.value_or(1);
  for (const auto& reading :
       core::evaluate_moments(plan.its_rule(), stretch.subject, {samples, std::nullopt, baseline})) {
    const auto point = (reading.at.wall + stretch.earlier - view.from) / view.step;
    const bool usable = reading.value && std::isfinite(*reading.value);
    if (!usable && reading.outcome == core::Outcome::error && view.problem.empty()) view.problem = reading.detail;
    if (usable && point >= 0 && static_cast<std::size_t>(point) < view.points.size())
      view.points[static_cast<std::size_t>(point)].*field = reading.value;
  }
}

}  // namespace

Result<SeriesPlan> plan_series(const Watch& watch, const std::string& slo, Instant now) {
  const auto index = find_rule(watch, slo);
  if (!index) return std::unexpected(index.error());
  const auto& rule = watch.group->rules[*index];
  SeriesPlan plan;
  plan.group = watch.group;
  plan.rule = *index;
  plan.baseline = watch.rules[*index].baseline;
  plan.empty.release = watch.spec.id;
  plan.empty.slo = slo;
  plan.empty.objective = core::objective_text(rule);
  plan.empty.comparison = rule.objective.comparison;
  plan.empty.unit = core::value_unit(rule.objective);
  lay_grid(plan.empty, watch, now.wall);
  if (auto planned = plan_values(plan, watch, now); !planned) return std::unexpected(planned.error());
  if (auto planned = plan_baselines(plan, watch, now); !planned) return std::unexpected(planned.error());
  return plan;
}

promql::RangeQuery question(const SeriesPlan& plan, const Stretch& stretch) {
  const auto& view = plan.empty;
  const auto at = [&](std::size_t point) {
    return view.from + static_cast<Duration::rep>(point) * view.step - stretch.earlier;
  };
  return {stretch.expr, at(stretch.first), at(stretch.last), view.step, Duration{0}};
}

SeriesView draw(const SeriesPlan& plan, const SeriesAnswers& answers) {
  auto view = plan.empty;
  for (auto& point : view.points) point.baseline = plan.baseline;
  for (std::size_t i = 0; i < plan.values.size(); ++i)
    fill(view, plan, plan.values[i], answers.values.at(i), &SeriesView::Point::value);
  for (std::size_t i = 0; i < plan.baselines.size(); ++i)
    fill(view, plan, plan.baselines[i], answers.baselines.at(i), &SeriesView::Point::baseline);
  for (auto& point : view.points) point.bound = core::resolve(plan.its_rule().objective, point.baseline);
  return view;
}

}  // namespace guard::engine
