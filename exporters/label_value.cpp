// SPDX-License-Identifier: Apache-2.0
#include "exporters/label_value.hpp"

#include "guard/base/text.hpp"

namespace guard::exporters {

std::string label_value(std::string_view text) {
  constexpr std::size_t longest = 200;
  const bool readable = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      out += ' ';
    else
      out += byte >= 0x80 && !readable ? '?' : c;
  }
  return shorten(out, longest);
}

}  // namespace guard::exporters
