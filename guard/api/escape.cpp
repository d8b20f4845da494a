// SPDX-License-Identifier: Apache-2.0
#include "guard/api/escape.hpp"

namespace guard::api {

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view special = "\\`*_{}[]()<>|#&~!";
  std::string out;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += control ? ' ' : c;
  }
  return out;
}

std::string markdown_block(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  std::string out = fence + "\n";
  out += text;
  if (!text.ends_with('\n')) out += '\n';
  return out + fence + "\n";
}

}  // namespace guard::api
