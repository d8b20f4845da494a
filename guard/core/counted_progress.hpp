// SPDX-License-Identifier: Apache-2.0
//
// How far a rule is whose events are counted: from when on it can be judged, and how near it is to a breach. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

#include <optional>
#include <string>

namespace guard::core {

// From how many events on a rule whose events are counted tells anything: that it could be breached at all, or as many
// as it asks for. Of a count they are the baseline's.
int needed_events(const Rule& rule);

// Why the window will end with too few events for the rule to be judged, if they go on coming as slowly: once that can
// be told. The words do not change with the time. Nothing: they suffice, or the rule leaves them out.
std::optional<std::string> falls_short(const Watch& watch, std::size_t index, Instant now);

// True where chance no longer explains the failures of the incident, and it has not lasted for long enough to be more
// than one of those that end by themselves (incident.hpp).
bool has_yet_to_last(const Rule& rule, const ShareState& state);

// How near the rule is to a breach, from 0 to 1.
double progress_of(const Rule& rule, const RuleState& state);

}  // namespace guard::core
