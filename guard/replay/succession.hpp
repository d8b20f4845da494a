// SPDX-License-Identifier: Apache-2.0
//
// How the releases of the past followed one another in each place. Pure.
#pragma once

#include "guard/replay/release.hpp"

#include <vector>

namespace guard::replay {

// In order of time, each with what can be told from those around it: the version it replaced where it does not say,
// when another took its place, and whether it put back what the one before had replaced.
std::vector<Release> in_succession(std::vector<Release> releases);

}  // namespace guard::replay
