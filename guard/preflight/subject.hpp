// SPDX-License-Identifier: Apache-2.0
//
// What the rules are asked about before a release: the version that is live, for the one to come has no samples yet.
// Pure.
#pragma once

#include "guard/preflight/situation.hpp"

#include <string>
#include <vector>

namespace guard::preflight {

// The release of what is live, as if it had been live since `since`.
model::ReleaseSpec live_since(const Situation& situation, WallTime since);

// What its templates are filled in with.
promql::Subject subject_of(const Situation& situation);

// All expressions of the group's rules that can be filled in, its `preflight` rules among them.
std::vector<std::string> expressions_of(const Situation& situation);

}  // namespace guard::preflight
