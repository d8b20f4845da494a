// SPDX-License-Identifier: Apache-2.0
//
// Answers each question of the past once and knows it from then on, for who judges the same time again and again. Holds
// all that it was answered: one release at a time. One owner each.
#pragma once

#include "guard/metrics/metrics_source.hpp"

#include <map>
#include <string>
#include <tuple>

namespace guard::metrics {

class Remembering final : public MetricsSource {
 public:
  // `source` must outlive it.
  explicit Remembering(MetricsSource& source) : source_(source) {}

  model::Samples query(const InstantQuery& query) override;
  model::Samples query_raw(const InstantQuery& query) override;
  model::Samples query_range(const RangeQuery& query) override;

 private:
  // The expression, both ends, and the step; a selector with a range is no other question than itself.
  using Asked = std::tuple<std::string, WallTime, WallTime, Duration>;

  MetricsSource& source_;
  std::map<Asked, model::Samples> answers_;
};

}  // namespace guard::metrics
