// SPDX-License-Identifier: Apache-2.0
//
// Times as a person reads them at a glance. Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <string>

namespace guard::cli {

// The two largest units: "2d3h", "1h12m", "4m5s", "45s"; never negative.
std::string short_duration(Duration duration);

// "2026-01-31 12:00:00 UTC".
std::string clock_text(WallTime at);

// "12:00:00".
std::string time_of_day(WallTime at);

// "in 4m5s" or "4m5s ago", as seen from `now`.
std::string relative(WallTime at, WallTime now);

}  // namespace guard::cli
