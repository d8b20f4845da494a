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

// Ratios over five minutes, `for` some time, as rules/web-service.yml had them.
std::string expr_rules(const Watched& watched);
// Failures and instances alone.
std::string few_rules(const Watched& watched);

}  // namespace guard::decisions
