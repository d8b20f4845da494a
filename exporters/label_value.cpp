// SPDX-License-Identifier: Apache-2.0
#include "exporters/label_value.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>

namespace guard::exporters {

std::string label_value(std::string_view text) {
  constexpr std::size_t longest = 200;
  auto out = printable(text);
  if (!is_utf8(out)) std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return shorten(out, longest);
}

}  // namespace guard::exporters
