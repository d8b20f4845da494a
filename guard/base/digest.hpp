// SPDX-License-Identifier: Apache-2.0
//
// Digests of text: names that are safe wherever they stand, and proofs that who wrote it knows a secret. Pure; safe
// from any thread.
#pragma once

#include "guard/base/secret.hpp"

#include <string>
#include <string_view>

namespace guard {

// 128 bits of the SHA-256 of `text` as 32 lower-case hexadecimal digits.
std::string digest(std::string_view text);

// The HMAC-SHA256 of `text` as 64 lower-case hexadecimal digits.
std::string keyed_digest(const Secret& key, std::string_view text);

}  // namespace guard
