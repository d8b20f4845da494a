// SPDX-License-Identifier: Apache-2.0
#include "guard/base/printable.hpp"

#include <algorithm>
#include <array>

namespace guard {
namespace {

constexpr std::array<std::string_view, 14> directions{"\u061C", "\u200E", "\u200F", "\u2028", "\u2029",
                                                      "\u202A", "\u202B", "\u202C", "\u202D", "\u202E",
                                                      "\u2066", "\u2067", "\u2068", "\u2069"};

// The length of what is not shown at the start of `text`, or 0.
std::size_t hidden(std::string_view text, Lines lines) {
  const auto byte = static_cast<unsigned char>(text[0]);
  if (byte < 0x20) return lines == Lines::many && (byte == '\n' || byte == '\t') ? 0 : 1;
  if (byte < 0x80) return byte == 0x7F ? 1 : 0;
  const auto next = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  const bool c1 = byte == 0xC2 && next >= 0x80 && next <= 0x9F;
  if (c1) return 2;
  const auto found = std::ranges::find_if(directions, [&](std::string_view d) { return text.starts_with(d); });
  return found == directions.end() ? 0 : found->size();
}

}  // namespace

bool is_printable(std::string_view text, Lines lines) {
  for (; !text.empty(); text.remove_prefix(1))
    if (hidden(text, lines) > 0) return false;
  return true;
}

std::string printable(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = hidden(text, lines);
    out += length > 0 ? ' ' : text[0];
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace guard
