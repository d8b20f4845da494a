// SPDX-License-Identifier: Apache-2.0
//
// Compression as HTTP's coding `gzip` has it (RFC 1952). Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace guard {

// Throws std::bad_alloc without memory, as any string does.
std::string gzip(std::string_view text);

}  // namespace guard
