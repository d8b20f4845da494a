// SPDX-License-Identifier: Apache-2.0
//
// Rules for a service of which nothing is known but its metrics: what is there decides what can be asked. Blocks as
// long as the server does; any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/metrics/metrics_source.hpp"

#include <string>
#include <vector>

namespace guard::replay {

struct ProposedRule {
  std::string slo;
  std::string yaml;   // the rule as it stands in a rule file
  std::string words;  // what it asks for, for people
};

// Of one job.
struct Proposal {
  std::string job;
  std::vector<ProposedRule> rules;
  std::vector<std::string> missing;  // what could not be proposed, and why
  bool serves = false;               // it counts requests
};

struct Wanted {
  std::string service;  // its jobs bear this name, or begin with it; empty: all
  WallTime at{};
  Duration deadline{0};
};

// Of jobs that serve requests; where none does, of all. Fails with unavailable where the server cannot answer.
Result<std::vector<Proposal>> propose(metrics::MetricsSource& metrics, const Wanted& wanted);

// The rule file that holds them, in mode observe, which needs no hook.
std::string rule_file(const std::vector<Proposal>& proposals);

}  // namespace guard::replay
