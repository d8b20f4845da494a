// SPDX-License-Identifier: Apache-2.0
//
// One objective of a release over time, for a chart: which of the release's own questions to ask for which stretch of
// time, and the points that their answers make. Nothing is asked that the rule does not ask. Pure.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/model/watch.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::story {

// A part of the grid that one question covers: before the switch, with the release, and after a rollback the
// expression may speak of different versions.
struct Stretch {
  std::size_t first = 0;  // points of the grid, both ends included
  std::size_t last = 0;
  std::string expr;
  promql::Subject subject;
  Duration earlier{0};                   // asked for this long before each point: a baseline by `offset`
  std::optional<std::string> condition;  // only_if
};

// A moment at which a reading decided something; it may lie between two points.
struct Moment {
  WallTime at{};
  std::size_t point = 0;  // the one it belongs to
  std::string expr;
  promql::Subject subject;
};

struct SeriesPlan {
  SeriesView empty;  // the grid, without values
  model::RuleGroupPtr group;
  std::size_t rule = 0;
  std::optional<double> baseline;  // by `over`: one number for all points
  std::vector<Stretch> values;
  std::vector<Stretch> baselines;
  std::vector<Moment> decided;

  const model::Rule& its_rule() const { return group->rules[rule]; }
};

// At most this many points, whatever the window.
constexpr std::size_t most_points = 240;
// And at most this many single moments beside them.
constexpr std::size_t most_moments = 4;

// From a little before the switch until now or the end of the watch. Fails with not_found or invalid.
Result<SeriesPlan> plan_series(const model::Watch& watch, const std::string& slo, Instant now);

// One rule of a group.
struct RuleOf {
  model::RuleGroupPtr group;
  std::size_t rule = 0;
};

// The last day of a rule by which no release need be watched. Fails with invalid.
Result<SeriesPlan> plan_day(RuleOf of, const promql::Subject& subject, WallTime now);

// The question for a stretch, for its condition, and for a moment; the deadline is left to the caller.
metrics::RangeQuery question(const SeriesPlan& plan, const Stretch& stretch);
metrics::RangeQuery condition(const SeriesPlan& plan, const Stretch& stretch);
metrics::RangeQuery question(const SeriesPlan& plan, const Moment& moment);

// The answers to plan.values, plan.baselines and plan.decided, in their order.
struct SeriesAnswers {
  struct Values {
    model::Samples points;
    std::optional<model::Samples> condition;
  };
  std::vector<Values> values;
  std::vector<model::Samples> baselines;
  std::vector<model::Samples> decided;
};
// A point at which the condition did not hold has no value: the guard judged nothing there. Where a reading that
// decided something was worse than its point, it stands in the point's place: no grid makes a breach look milder than
// it was.
SeriesView draw(const SeriesPlan& plan, const SeriesAnswers& answers);

}  // namespace guard::story
