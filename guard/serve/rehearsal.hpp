// SPDX-License-Identifier: Apache-2.0
//
// What is found out before the guard starts. Values.
#pragma once

#include "guard/config/findings.hpp"
#include "guard/config/settings.hpp"

#include <algorithm>
#include <iterator>
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
  config::Diagnostics remarks{};             // what its answers tell against the rules; who checks rules asks for them
  std::vector<std::string> not_looked_at{};  // the rules whose expressions only a release can fill in
};

// Adds what was found out to the findings of a check. Here, as who checks by the command line links no guard.
inline void add(config::Findings& to, const Rehearsal& rehearsal) {
  to.silence = rehearsal.silence;
  for (const auto* diagnostics : {&rehearsal.refused, &rehearsal.blind, &rehearsal.remarks})
    config::add(to, *diagnostics);
  std::ranges::copy(rehearsal.not_looked_at, std::back_inserter(to.not_looked_at));
  if (rehearsal.foreign) {
    to.diagnostics.items.push_back(*rehearsal.foreign);
    to.silence = "no Prometheus answers at prometheus.url";
  }
  to.complete = to.complete && !to.diagnostics.has_errors();
}

}  // namespace guard::serve
