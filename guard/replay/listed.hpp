// SPDX-License-Identifier: Apache-2.0
//
// Releases as somebody lists them: announcements as a pipeline makes them, or what a guard answers about its own.
// Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/json.hpp"
#include "guard/replay/release.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace guard::replay {

// Of a JSON array, an object with `releases`, or one object a line; `source` is how messages name it. Each needs
// `service`, `environment`, `version` and `live_at`. Those that never went live are left out. Fails with invalid.
Result<std::vector<Release>> listed(std::string_view text, const std::string& source);

// One of them; `path` is how messages name it. Fails with invalid.
Result<Release> listed_one(const json::value& value, const std::string& path);

}  // namespace guard::replay
