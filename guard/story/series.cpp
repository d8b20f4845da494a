// SPDX-License-Identifier: Apache-2.0
#include "guard/story/series.hpp"

#include "guard/core/before_release.hpp"
#include "guard/core/questions.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include <fmt/format.h>

namespace guard::story {
namespace {

using model::Rule;
using model::Watch;

// The share of the window that is shown of the time before the switch.
constexpr int part_before = 6;
// In intervals. The most keeps the grid of a long window as fine as the guard reads while most releases break.
constexpr int fewest_before = 5;
constexpr int most_before = 60;

constexpr Duration day = std::chrono::hours(24);

Result<std::size_t> find_rule(const Watch& watch, const std::string& slo) {
  const auto& rules = watch.group->rules;
  const auto it = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.slo == slo; });
  if (it == rules.end())
    return fail(ErrorCode::not_found, fmt::format("release {} has no objective of this name", watch.spec.id));
  return static_cast<std::size_t>(it - rules.begin());
}

// A plan for this rule that asks for nothing yet.
Result<SeriesPlan> blank(RuleOf of) {
  SeriesPlan plan;
  plan.group = std::move(of.group);
  plan.rule = of.rule;
  const auto& rule = plan.its_rule();
  if (!model::is_measured(rule.kind))
    return fail(ErrorCode::invalid, fmt::format("{} is read from {}: it has no series", rule.slo,
                                                rule.kind == model::RuleKind::alerts ? "alerts" : "a signal"));
  plan.empty.slo = rule.slo;
  plan.empty.objective = model::objective_text(rule);
  plan.empty.comparison = rule.objective.comparison;
  plan.empty.unit = model::value_unit(rule.objective);
  return plan;
}

// Points on a fixed grid from `from` to `end`.
void lay_points(SeriesView& view, WallTime from, WallTime end) {
  view.from = from - Duration(from.time_since_epoch().count() % view.step.count());
  view.points.resize(std::min(most_points, static_cast<std::size_t>((end - view.from) / view.step) + 1));
}

void lay_grid(SeriesView& view, const Watch& watch, WallTime now) {
  const auto interval = watch.group->interval;
  const auto before = std::clamp(Duration(watch.group->window / part_before), Duration(fewest_before * interval),
                                 Duration(most_before * interval));
  const auto began = watch.switch_began - before;
  const auto end = std::max(began, watch.ended_at.value_or(now));
  const auto span = end - began;
  // Whole intervals on a fixed grid: the points of two charts of one release, or of one chart drawn twice, coincide.
  view.step = interval * (1 + span / (interval * static_cast<Duration::rep>(most_points)));
  lay_points(view, began, end);
}

// The first point of the grid that is not before `at`.
std::size_t point_at(const SeriesView& view, WallTime at) {
  const auto past = std::max(Duration{0}, Duration(at - view.from) + view.step - Duration{1});
  return std::min(view.points.size(), static_cast<std::size_t>(past / view.step));
}

std::optional<WallTime> went_back_at(const Watch& watch) {
  const auto* rollback = watch.last_rollback();
  const bool done = rollback != nullptr && rollback->state == model::CallState::confirmed;
  return done ? rollback->finished_at : std::nullopt;
}

// Adds [first, end) with this subject; to the stretch before it, where the question is the same.
Result<void> add(std::vector<Stretch>& out, const Rule& rule, Stretch stretch, std::size_t end) {
  if (stretch.first >= end) return {};
  auto expr = core::rendered_query(rule, stretch.subject);
  if (!expr) return std::unexpected(expr.error());
  if (rule.only_if) {
    auto condition = rule.only_if->render(stretch.subject);
    if (!condition) return std::unexpected(condition.error());
    stretch.condition = std::move(*condition);
  }
  stretch.last = end - 1;
  if (!out.empty() && out.back().expr == *expr && out.back().condition == stretch.condition &&
      out.back().earlier == stretch.earlier) {
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
  subject.previous_version = watch.spec.previous_version;  // a rollback may go back to another one
  const auto before = core::subject_before(subject, watch.group->window);
  // What cannot be asked of the time before is left out; the release's own question must be possible.
  (void)add(plan.values, plan.its_rule(), {0, 0, "", before, Duration{0}, {}}, switched);
  subject.version = watch.spec.version;
  if (auto added = add(plan.values, plan.its_rule(), {switched, 0, "", subject, Duration{0}, {}}, returned); !added)
    return added;
  subject.version = watch.goes_back_to();
  return add(plan.values, plan.its_rule(), {returned, 0, "", subject, Duration{0}, {}}, view.points.size());
}

// Each point's own baselines, from `offset` before it. What is drawn later is drawn over the others, so the first of
// the rule's list is the last here; behind one `over` that is known none of them counts.
Result<void> plan_baselines(SeriesPlan& plan, const promql::Subject& subject) {
  std::vector<Duration> offsets;
  for (const auto& baseline : plan.its_rule().baselines) {
    if (baseline.offset > Duration{0})
      offsets.push_back(baseline.offset);
    else if (plan.baseline)
      break;
  }
  for (const auto offset : std::views::reverse(offsets))
    if (auto added = add(plan.baselines, plan.its_rule(), {0, 0, "", subject, offset, {}}, plan.empty.points.size());
        !added)
      return added;
  return {};
}

bool led_to(const model::Decision& decision, const std::string& slo) {
  return model::is_conclusion(decision.kind) && decision.trigger == model::Trigger::objective && decision.slo == slo;
}

// A decision belongs to the point before it, as a reading holds until the next; not to one from before the release.
std::optional<std::size_t> point_of(const SeriesView& view, const Watch& watch, WallTime at) {
  if (at < view.from) return std::nullopt;
  auto point = static_cast<std::size_t>((at - view.from) / view.step);
  if (watch.live_at) point = std::max(point, point_at(view, *watch.live_at));
  return point < view.points.size() ? std::optional(point) : std::nullopt;
}

void plan_moments(SeriesPlan& plan, const Watch& watch, Instant now) {
  auto subject = watch.subject(now);
  subject.version = watch.spec.version;
  const auto expr = core::rendered_query(plan.its_rule(), subject);
  for (const auto& decision : watch.decisions) {
    if (!expr || plan.decided.size() == most_moments || !led_to(decision, plan.empty.slo)) continue;
    if (const auto point = point_of(plan.empty, watch, decision.at))
      plan.decided.push_back({decision.at, *point, *expr, subject});
  }
}

void note_problem(SeriesView& view, const std::string& problem) {
  if (!view.problem) view.problem = problem;
}

// What was read at each moment; the first problem is kept.
std::vector<model::Evaluation> usable(SeriesView& view, const SeriesPlan& plan, const promql::Subject& subject,
                                      const SeriesAnswers::Values& answer) {
  if (!answer.points) note_problem(view, answer.points.error().message);
  if (answer.condition && !*answer.condition) note_problem(view, answer.condition->error().message);
  // With any baseline a relative objective can be evaluated; only the reduced value is of interest here.
  auto readings =
      core::evaluate_moments(plan.its_rule(), subject, {answer.points, answer.condition, plan.baseline.value_or(1)});
  std::erase_if(readings, [&](const model::Evaluation& reading) {
    const bool known = reading.value && std::isfinite(*reading.value);
    if (!known && reading.outcome == model::Outcome::error) note_problem(view, reading.detail);
    return !known;
  });
  return readings;
}

void fill(SeriesView& view, const SeriesPlan& plan, const Stretch& stretch, const SeriesAnswers::Values& answer,
          std::optional<double> SeriesView::Point::* field) {
  for (const auto& reading : usable(view, plan, stretch.subject, answer)) {
    const auto point = (reading.at.wall + stretch.earlier - view.from) / view.step;
    if (point >= 0 && static_cast<std::size_t>(point) < view.points.size())
      view.points[static_cast<std::size_t>(point)].*field = reading.value;
  }
}

void fold(SeriesView& view, const SeriesPlan& plan, const Moment& moment, const model::Samples& samples) {
  auto& point = view.points.at(moment.point);
  const auto how_bad = [&](std::optional<double> value) {
    return model::badness(plan.its_rule().objective.comparison, *value, point.bound);
  };
  for (const auto& reading : usable(view, plan, moment.subject, {samples, std::nullopt}))
    if (!point.value || how_bad(reading.value) > how_bad(point.value)) point.value = reading.value;
}

}  // namespace

Result<SeriesPlan> plan_series(const Watch& watch, const std::string& slo, Instant now) {
  const auto index = find_rule(watch, slo);
  if (!index) return std::unexpected(index.error());
  auto begun = blank({watch.group, *index});
  if (!begun) return begun;
  auto& plan = *begun;
  plan.baseline = watch.rules[*index].baseline;
  plan.empty.release = watch.spec.id;
  lay_grid(plan.empty, watch, now.wall);
  if (auto planned = plan_values(plan, watch, now); !planned) return std::unexpected(planned.error());
  if (auto planned = plan_baselines(plan, watch.subject(now)); !planned) return std::unexpected(planned.error());
  plan_moments(plan, watch, now);
  return begun;
}

Result<SeriesPlan> plan_day(RuleOf of, const promql::Subject& subject, WallTime now) {
  auto begun = blank(std::move(of));
  if (!begun) return begun;
  auto& plan = *begun;
  plan.empty.step = day / static_cast<Duration::rep>(most_points);
  lay_points(plan.empty, now - day + plan.empty.step, now);
  const auto points = plan.empty.points.size();
  if (auto planned = add(plan.values, plan.its_rule(), {0, 0, "", subject, Duration{0}, {}}, points); !planned)
    return std::unexpected(planned.error());
  if (auto planned = plan_baselines(plan, subject); !planned) return std::unexpected(planned.error());
  return begun;
}

metrics::RangeQuery question(const SeriesPlan& plan, const Stretch& stretch) {
  const auto& view = plan.empty;
  const auto at = [&](std::size_t point) {
    return view.from + static_cast<Duration::rep>(point) * view.step - stretch.earlier;
  };
  return {stretch.expr, at(stretch.first), at(stretch.last), view.step, Duration{0}};
}

metrics::RangeQuery condition(const SeriesPlan& plan, const Stretch& stretch) {
  auto query = question(plan, stretch);
  query.expr = *stretch.condition;
  return query;
}

metrics::RangeQuery question(const SeriesPlan& plan, const Moment& moment) {
  return {moment.expr, moment.at, moment.at, plan.empty.step, Duration{0}};
}

SeriesView draw(const SeriesPlan& plan, const SeriesAnswers& answers) {
  auto view = plan.empty;
  for (auto& point : view.points) point.baseline = plan.baseline;
  for (std::size_t i = 0; i < plan.values.size(); ++i)
    fill(view, plan, plan.values[i], answers.values.at(i), &SeriesView::Point::value);
  for (std::size_t i = 0; i < plan.baselines.size(); ++i)
    fill(view, plan, plan.baselines[i], {answers.baselines.at(i), std::nullopt}, &SeriesView::Point::baseline);
  for (auto& point : view.points) point.bound = model::resolve(plan.its_rule().objective, point.baseline);
  for (std::size_t i = 0; i < plan.decided.size(); ++i) fold(view, plan, plan.decided[i], answers.decided.at(i));
  return view;
}

}  // namespace guard::story
