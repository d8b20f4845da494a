// SPDX-License-Identifier: Apache-2.0
//
// Small questions about text that more than one room asks. Pure; safe from any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guard {

// The entry of `known` closest to `name` by edits, if it is near enough to be a slip of the pen.
std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string_view> known);

// True if `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF).
bool is_utf8(std::string_view text);

// `text` cut to `max_bytes` at a character boundary, with "…" where something was cut.
std::string shorten(std::string_view text, std::size_t max_bytes);

// `text` without the white space around it.
std::string_view trim(std::string_view text);

// `text` with its ASCII letters in lower case.
std::string lower_case(std::string_view text);

}  // namespace guard
