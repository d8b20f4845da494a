// SPDX-License-Identifier: Apache-2.0
//
// Durations and timestamps as text. Durations follow Prometheus' grammar exactly (prometheus/common model/time.go):
// integers with y w d h m s ms, each at most once, in descending order; a lone 0; no decimals, no sign; up to 100y.
// Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/time.hpp"

#include <string>
#include <string_view>

namespace guard {

// "1h30m" -> 5400000 ms. Fails with ErrorCode::invalid and a message that names the offending part.
Result<Duration> parse_duration(std::string_view text);

// 5400000 ms -> "1h30m"; "0s" for zero. What it writes, parse_duration reads.
std::string format_duration(Duration duration);

// RFC 3339 in UTC with milliseconds: "2026-01-31T12:00:00.250Z".
std::string format_time(WallTime time);

// RFC 3339 with any offset and up to 9 fractional digits (Alertmanager sends them); the rest below 1 ms is cut.
// Fails with ErrorCode::invalid.
Result<WallTime> parse_time(std::string_view text);

}  // namespace guard
