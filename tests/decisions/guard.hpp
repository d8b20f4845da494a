// SPDX-License-Identifier: Apache-2.0
//
// Rule files for the guard as a user would write them, for a service whose job has its name. Pure.
#pragma once

#include <string>

namespace guard::decisions {

struct Watched {
  std::string window = "2h";
  std::string interval = "15s";
};

// Shares and counts of events, judged by evidence: without rates, whose extrapolation differs between versions.
std::string share_rules(const Watched& watched);
// Ratios over five minutes, `for` some time, as rules/web-service.yml had them.
std::string expr_rules(const Watched& watched);

}  // namespace guard::decisions
