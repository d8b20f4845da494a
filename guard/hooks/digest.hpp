// SPDX-License-Identifier: Apache-2.0
//
// Safe names made from text that may hold anything. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace guard::hooks {

// 128 bits of the SHA-256 of `text` as 32 lower-case hexadecimal digits.
std::string digest(std::string_view text);

}  // namespace guard::hooks
