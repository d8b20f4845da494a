// SPDX-License-Identifier: Apache-2.0
//
// Whether the servers answer that a verdict will rest on, and the targets behind them. Blocking; any thread.
#pragma once

#include "guard/preflight/situation.hpp"

namespace guard::preflight {

// Checks `prometheus`, `targets`, `alertmanager` and `alert_delivery`; only `prometheus` where that does not answer,
// and nothing about Alertmanager where none is configured.
model::Checks look_at_servers(const Situation& situation, const Means& means);

// The question for the targets that these expressions read: `up` of the jobs that they name, or of all where one names
// none. Pure.
std::string targets_query(const std::vector<std::string>& expressions);

}  // namespace guard::preflight
