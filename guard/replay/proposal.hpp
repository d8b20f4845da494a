// SPDX-License-Identifier: Apache-2.0
//
// Rules for a service of which nothing is known but its metrics: what is there decides what can be asked. Blocks as
// long as the server does; any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/metrics/metrics_source.hpp"
#include "guard/replay/proposed.hpp"

#include <string>
#include <vector>

namespace guard::replay {

// Of jobs that serve requests; where none does, of all. Fails with unavailable where the server cannot answer.
Result<std::vector<Proposal>> propose(metrics::MetricsSource& metrics, const Wanted& wanted);

// The rule file that holds them, in mode observe, which needs no hook.
std::string rule_file(const std::vector<Proposal>& proposals);

}  // namespace guard::replay
