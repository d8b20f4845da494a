// SPDX-License-Identifier: Apache-2.0
//
// The path under which a server has all that it has, as people write it. Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <string>

namespace guard {

// Reads "/guard", "guard/" or "/ops/guard": the path with a slash before and none behind; empty for "/". Fails with
// invalid and what to write instead.
Result<std::string> parse_route_prefix(const std::string& text);

}  // namespace guard
