// SPDX-License-Identifier: Apache-2.0
//
// A service that a rule on a share of events reads, of which nothing is known but its traffic: from live on the same
// share of its events is bad. One owner each.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/model/rule.hpp"

#include <string>

namespace guard::replay {

class SteadyService final : public metrics::MetricsSource {
 public:
  struct Course {
    WallTime live{};
    double per_second = 0;
    double bad = 0;  // from 0 to 1, since live
    Duration scrape{0};
  };
  // `part` is the selector of the events that count, bad or good ones.
  SteadyService(std::string part, bool part_is_good, const Course& course)
      : part_(std::move(part)), part_is_good_(part_is_good), course_(course) {}

  model::Samples query(const metrics::InstantQuery&) override { return std::vector<model::Sample>{}; }
  model::Samples query_raw(const metrics::InstantQuery& query) override;
  model::Samples query_range(const metrics::RangeQuery&) override { return std::vector<model::Sample>{}; }

 private:
  double counter(bool of_part, WallTime at) const;

  std::string part_;
  bool part_is_good_;
  Course course_;
};

}  // namespace guard::replay
