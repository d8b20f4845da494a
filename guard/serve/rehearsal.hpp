// SPDX-License-Identifier: Apache-2.0
//
// What is found out before the guard starts. Values.
#pragma once

#include "guard/config/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::serve {

// What the configured Prometheus says about itself and the expressions of the rules.
struct Rehearsal {
  config::Diagnostics refused;
  config::Diagnostics blind{};  // what can never break with the series that there are, or may not: a warning
  std::string silence{};        // why it could not be asked about them all; empty: it could
  std::optional<config::Diagnostic> foreign{};  // it is no Prometheus, or lets the guard not in; nothing else was asked
  config::Diagnostics remarks{};                // what its answers tell against the rules; `check` alone asks for them
  std::vector<std::string> not_looked_at{};     // the rules whose expressions only a release can fill in
};

}  // namespace guard::serve
