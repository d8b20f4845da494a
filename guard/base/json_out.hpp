// SPDX-License-Identifier: Apache-2.0
//
// The one way times, numbers and durations go out as JSON. Pure; safe from any thread.
#pragma once

#include "guard/base/json.hpp"
#include "guard/base/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard {

// RFC 3339; null where there is none.
json::value json_time(std::optional<WallTime> at);
// JSON has no NaN or infinity: they are strings, as Prometheus writes them. Null where there is none.
json::value json_number(std::optional<double> value);
// Seconds with a fraction.
double json_seconds(Duration duration);
json::object json_map(const std::map<std::string, std::string>& entries);
json::array json_list(const std::vector<std::string>& texts);
// Null where it is empty.
json::value json_text(const std::string& text);
// For people: members and entries one a line where all of them do not fit on one.
std::string indented_json(const json::value& value, std::size_t indent = 0);

}  // namespace guard
