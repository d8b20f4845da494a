// SPDX-License-Identifier: Apache-2.0
//
// Times as people read them: page, reports, messages and the command line all write them like this, so that they can be
// compared with each other and with logs. Programs read RFC 3339 (duration.hpp). guard/web/src/format.js does the same.
// Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <string>

namespace guard {

// "2026-01-31 12:00:00 UTC".
std::string time_text(WallTime at);

// The two largest units: "2d3h", "1h12m", "4m5s", "45s"; never negative.
std::string short_duration(Duration duration);

// "in 4m5s" or "4m5s ago", as seen from `now`.
std::string relative(WallTime at, WallTime now);

}  // namespace guard
