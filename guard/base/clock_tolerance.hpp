// SPDX-License-Identifier: Apache-2.0
//
// How far two machines' clocks may differ before what one says of a moment means nothing to the other.
#pragma once

#include "guard/base/time.hpp"

#include <chrono>

namespace guard {

// VictoriaMetrics answers for up to 30 s before the time asked for (-search.latencyOffset).
inline constexpr Duration clock_tolerance = std::chrono::minutes(1);

}  // namespace guard
