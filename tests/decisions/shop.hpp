// SPDX-License-Identifier: Apache-2.0
//
// The expressions about the shop that more than one judge asks for. Pure; an Answerer has one owner.
#pragma once

#include "tests/sim/answerer.hpp"

namespace guard::decisions {

using namespace std::chrono_literals;

inline const std::string all_requests = "http_requests_total{job=\"shop\"}";
inline const std::string failed_requests = "http_requests_total{job=\"shop\",status=~\"5..\"}";
inline const std::string good_requests = "http_requests_total{job=\"shop\",status!~\"5..\"}";
inline const std::string request_times = "http_request_duration_seconds_bucket{job=\"shop\"}";
inline const std::string fast_requests = "http_request_duration_seconds_bucket{job=\"shop\",le=\"1\"}";
inline const std::string timed_requests = "http_request_duration_seconds_count{job=\"shop\"}";
inline const std::string instances = "up{job=\"shop\"}";
inline constexpr double longest_seconds = 1;
// Who has no release, in a rule file.
inline const std::string neighbours = "job=\"{{ service }}-neighbour\"";

// `(sum(rate(failed[range])) or vector(0)) / sum(rate(all[range]))`: a service that never failed has no series of
// failures yet, and its share is 0.
inline std::optional<double> failing_share(sim::Answerer& answerer, Duration range, WallTime at) {
  const auto all = answerer.sum_rate(all_requests, range, at);
  if (!all) return std::nullopt;
  return answerer.sum_rate(failed_requests, range, at).value_or(0) / *all;
}

}  // namespace guard::decisions
