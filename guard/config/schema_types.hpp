// SPDX-License-Identifier: Apache-2.0
//
// The types that the tables of keys name, as JSON Schema sees them. What YAML takes for a number or for true and false
// is text to the parsers, so it is allowed wherever they can read it. Every text that a parser takes is valid here;
// what only the parser can tell (PromQL, ranges, what the rest of the file says) is left to it. Pure; safe from any
// thread.
#pragma once

#include "guard/base/json.hpp"

#include <string_view>

namespace guard::config {

// What a value of the named type looks like, or nullptr if there is no such type.
const json::object* find_type(std::string_view name);

}  // namespace guard::config
