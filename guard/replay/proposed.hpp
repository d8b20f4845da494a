// SPDX-License-Identifier: Apache-2.0
//
// What is asked of those that propose rules, and what they propose. Values.
#pragma once

#include "guard/base/time.hpp"

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

}  // namespace guard::replay
