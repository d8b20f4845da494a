// SPDX-License-Identifier: Apache-2.0
//
// Deployments that metrics remember: another version in a label, another image, processes that were started anew.
// Blocks as long as the server does; any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/metrics/metrics_source.hpp"

#include <string>
#include <vector>

namespace guard::replay {

struct Deploy {
  std::string job;  // or, of an image, the container
  std::string version;
  std::string previous_version;
  WallTime at{};
  std::string found_by;  // in words
};

struct Search {
  WallTime from{};
  WallTime to{};
  std::string marker;  // PromQL whose label `version` changes with a deployment, or its value; empty: what is usual
  Duration deadline{0};
};

// In order of time; of one job several within ten minutes are one. Fails with unavailable where the server cannot
// answer.
Result<std::vector<Deploy>> find_deploys(metrics::MetricsSource& metrics, const Search& search);

}  // namespace guard::replay
