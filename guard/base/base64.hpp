// SPDX-License-Identifier: Apache-2.0
//
// Base64 (RFC 4648, 4). Pure; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guard {

// The bytes of base64 text with its padding; nothing where it is empty or broken.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace guard
