// SPDX-License-Identifier: Apache-2.0
//
// The target of a request (RFC 9112, 3.2.1, origin form): "/path?name=value&…", taken apart and percent-decoded. Pure.
#pragma once

#include "guard/api/message.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guard::api {

// What `text` says once its %XX are decoded; nothing where one of them is broken, or where the text is then no UTF-8 or
// holds control characters.
std::optional<std::string> percent_decoded(std::string_view text);

// Sets path, query and lists. Fails with invalid: not an origin form, a broken escape, a parameter given twice that is
// no list, or text that is no UTF-8 or holds control characters, which no answer and no log line should repeat.
Result<void> parse_target(std::string_view target, Request& request);

// Fails with invalid if the query has a parameter that is not among `known`, naming the nearest one.
Result<void> only_parameters(const Request& request, std::span<const std::string_view> known);

}  // namespace guard::api
