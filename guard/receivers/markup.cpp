// SPDX-License-Identifier: Apache-2.0
#include "guard/receivers/markup.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

namespace guard::receivers {
namespace {

constexpr std::string_view cut = "…";

// The bytes of the character at the start of `text`, which is UTF-8.
std::size_t length_of_first(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
  return length;
}

}  // namespace

std::string as_it_is(char c) {
  return {c};
}

std::string slack_escape(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return {c};
  }
}

std::string discord_escape(char c) {
  constexpr std::string_view marks = R"(\`*_~|>#-+[]()<:@!=)";
  return marks.find(c) == std::string_view::npos ? std::string(1, c) : std::string{'\\', c};
}

std::string fit(std::string_view text, std::size_t most, Escape escape) {
  const auto line = is_utf8(text) ? printable(text) : std::string("(no readable text)");
  std::string out;
  std::string shortest;  // what stands before the cut, if there has to be one
  for (std::string_view rest = line; !rest.empty();) {
    const auto length = length_of_first(rest);
    const auto next = length == 1 ? escape(rest[0]) : std::string(rest.substr(0, length));
    if (out.size() + next.size() > most) return shortest.append(cut);
    out += next;
    if (out.size() + cut.size() <= most) shortest = out;
    rest.remove_prefix(length);
  }
  return out;
}

}  // namespace guard::receivers
