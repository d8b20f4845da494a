// SPDX-License-Identifier: Apache-2.0
//
// A service that a rule on a share of events reads, of which nothing is known but its traffic: from live on each of its
// events is bad with the same chance. Events come at an even pace, and are the same at each reading. One owner each.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/model/rule.hpp"

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace guard::replay {

class SteadyService final : public metrics::MetricsSource {
 public:
  struct Course {
    WallTime live{};
    double per_second = 0;
    double bad = 0;  // from 0 to 1, since live
    Duration scrape{0};
  };
  // `part` is the selector of the events that count, bad or good ones, of `share`.
  SteadyService(std::string part, const model::Share& share, const Course& course)
      : part_(std::move(part)), part_is_good_(share.part_is_good), within_(share.within), course_(course) {}

  model::Samples query(const metrics::InstantQuery&) override { return std::vector<model::Sample>{}; }
  model::Samples query_raw(const metrics::InstantQuery& query) override;
  model::Samples query_range(const metrics::RangeQuery&) override { return std::vector<model::Sample>{}; }

 private:
  std::size_t bad_since_live(std::size_t events);
  double counter(bool of_part, WallTime at);
  model::Sample sample(bool of_part, WallTime at);

  std::string part_;
  bool part_is_good_;
  std::optional<model::Limit> within_;
  Course course_;
  std::vector<std::size_t> bad_{0};  // of the first so many events since live
  std::mt19937_64 chance_{1};
};

}  // namespace guard::replay
