// SPDX-License-Identifier: Apache-2.0
//
// Texts of others: read, shown, and filled in. Pure; safe from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace guard::importing {

// By the names of fields.
using Values = std::map<std::string, std::string>;

// The number that `text` is as a whole.
std::optional<double> to_number(std::string_view text);

// Words of others, as they can stand in a comment: on one line, and UTF-8.
std::string shown(std::string_view text);

// `text` with each `from` replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to);

// `text` with a value for each {{ field }}. Nothing where one has none.
std::optional<std::string> filled(std::string_view text, const Values& values);

// `label="value"`, as Alertmanager reads matchers.
std::string matcher_text(std::string_view label, std::string_view value);

}  // namespace guard::importing
