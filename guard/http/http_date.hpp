// SPDX-License-Identifier: Apache-2.0
//
// Times in headers, in the one form that RFC 9110, section 5.6.7, lets a server send. Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"

#include <optional>
#include <string>

namespace guard::http {

// "Sat, 31 Jan 2026 12:00:00 GMT"; nothing where the text is no such time.
std::optional<WallTime> parse_http_date(const std::string& text);

}  // namespace guard::http
