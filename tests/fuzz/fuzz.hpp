// SPDX-License-Identifier: Apache-2.0
//
// What fuzz targets share: the input as text, and the promises that hold for every input.
#pragma once

#include "guard/base/text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace guard::fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the run as a find.
inline void require(bool promise) {
  if (!promise) std::abort();
}

// Words for people: text, and not as much of it as somebody else likes.
inline void require_message(std::string_view message) {
  require(!message.empty() && is_utf8(message) && message.size() < 4096);
}

}  // namespace guard::fuzz
