// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/steady_service.hpp"

#include "guard/base/duration.hpp"

#include <cmath>

namespace guard::replay {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

// Whole events: of few, some scrapes bring none.
double SteadyService::counter(bool of_part, WallTime at) const {
  const auto all = course_.per_second * seconds(at.time_since_epoch());
  const auto since = std::max(Duration{0}, at - course_.live);
  const auto bad = std::floor(course_.bad * course_.per_second * seconds(since));
  if (!of_part) return std::floor(all);
  return part_is_good_ ? std::floor(all) - bad : bad;
}

model::Samples SteadyService::query_raw(const metrics::InstantQuery& query) {
  const auto open = query.expr.rfind('[');
  const auto range = parse_duration(query.expr.substr(open + 1, query.expr.size() - open - 2));
  std::vector<model::Sample> out;
  if (!range) return out;
  const bool of_part = query.expr.substr(0, open) == part_;
  const auto first = query.at - *range;
  for (auto at = first + course_.scrape - first.time_since_epoch() % course_.scrape; at <= query.at;
       at += course_.scrape)
    out.push_back({{{"job", "steady"}, {"instance", "one"}}, counter(of_part, at), at});
  return out;
}

}  // namespace guard::replay
