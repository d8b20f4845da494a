// SPDX-License-Identifier: Apache-2.0
//
// The seam to a Prometheus-compatible server: three questions. Implementations block, and are safe from any thread.
#pragma once

#include "guard/model/sample.hpp"

#include <string>

namespace guard::metrics {

struct InstantQuery {
  std::string expr;
  WallTime at{};
  Duration deadline{0};
};

struct RangeQuery {
  std::string expr;
  WallTime from{};
  WallTime to{};
  Duration step{0};
  Duration deadline{0};
};

class MetricsSource {
 public:
  virtual ~MetricsSource() = default;
  // The series at one instant. A scalar is one sample without labels. NaN and ±Inf come through as such; what the
  // answer means is core's business. Never throws; a bad answer of any kind is a SourceError.
  virtual model::Samples query(const InstantQuery& query) = 0;
  // Every sample of a selector with a range, as they are stored, each with its own time; those of a series together.
  // Native histograms are samples too.
  virtual model::Samples query_raw(const InstantQuery& query) = 0;
  // Every point of every series between `from` and `to`, each with its own time.
  virtual model::Samples query_range(const RangeQuery& query) = 0;
};

}  // namespace guard::metrics
