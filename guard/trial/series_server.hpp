// SPDX-License-Identifier: Apache-2.0
//
// The seam to what evaluates PromQL over the series of a test. Blocking; one owner each.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/trial/test.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace guard::trial {

class SeriesServer {
 public:
  virtual ~SeriesServer() = default;
  // Stores the series, one slot at each `interval` from time_zero on. Fails with what the server said.
  virtual Result<void> store(const std::vector<Series>& series, Duration interval) = 0;
  virtual metrics::MetricsSource& metrics() = 0;
};

// Starts one that holds nothing. Fails with why it does not run.
using StartServer = std::function<Result<std::unique_ptr<SeriesServer>>()>;

// Lets time pass; false if a person or the machine asks the command to end.
using Wait = std::function<bool(Duration)>;

}  // namespace guard::trial
