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

std::size_t SteadyService::bad_since_live(std::size_t events) {
  std::bernoulli_distribution is_bad(course_.bad);
  while (bad_.size() <= events) bad_.push_back(bad_.back() + (is_bad(chance_) ? 1U : 0U));
  return bad_[events];
}

double SteadyService::counter(bool of_part, WallTime at) {
  const auto all = std::floor(course_.per_second * seconds(at.time_since_epoch()));
  if (!of_part) return all;
  const auto since = course_.per_second * seconds(std::max(Duration{0}, at - course_.live));
  const auto bad = static_cast<double>(bad_since_live(static_cast<std::size_t>(since)));
  return part_is_good_ ? all - bad : bad;
}

model::Sample SteadyService::sample(bool of_part, WallTime at) {
  model::Sample out{{{"job", "steady"}, {"instance", "one"}}, counter(of_part, at), at};
  if (!within_) return out;
  const auto bad = counter(true, at);
  const auto limit = within_->value;
  out.histogram = std::make_shared<const model::Histogram>(
      model::Histogram{out.value, {{0, limit, out.value - bad}, {limit, 2 * limit, bad}}});
  return out;
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
    out.push_back(sample(of_part, at));
  return out;
}

}  // namespace guard::replay
