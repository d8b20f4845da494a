// SPDX-License-Identifier: Apache-2.0
#include "guard/report/escape.hpp"

#include "guard/base/printable.hpp"

namespace guard::report {

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : printable(text, Lines::many)) {
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
  constexpr std::string_view special = "\\`*_{}[]()<>|#&~!@";
  std::string out;
  const auto shown = printable(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto rest = std::string_view(shown).substr(i);
    if (special.find(shown[i]) != std::string_view::npos) out += '\\';
    out += shown[i];
    // What GitHub makes a link of by itself (GFM, 6.9) is text that somebody posted.
    if (rest.starts_with("://") || rest.starts_with("w.")) out += '\\';
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const auto shown = printable(text);
  std::string fence = "`";
  while (shown.find(fence) != std::string::npos) fence += '`';
  const bool at_edge = shown.starts_with('`') || shown.ends_with('`');
  std::string out = fence + (at_edge ? " " : "");
  for (const char c : shown) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return shown.empty() ? "" : out + (at_edge ? " " : "") + fence;
}

std::string markdown_block(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  auto out = fence + "\n" + printable(text, Lines::many);
  if (!text.ends_with('\n')) out += '\n';
  return out + fence + "\n";
}

}  // namespace guard::report
