// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/text_table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::cli {
namespace {

std::string_view code(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::strong:
      return "1";
    case Style::dim:
      return "2";
    case Style::good:
      return "32";
    case Style::warn:
      return "33";
    case Style::bad:
      return "1;31";
  }
  return "";
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i].text));
  }
  return widths;
}

// How many cells of the row are shown: those up to the last that is not empty.
std::size_t shown_cells(const std::vector<Cell>& row) {
  std::size_t count = row.size();
  while (count > 0 && row[count - 1].text.empty()) --count;
  return count;
}

}  // namespace

std::string paint(std::string_view text, Style style, bool colour) {
  if (!colour || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code(style), text);
}

std::string format_table(const std::vector<std::vector<Cell>>& rows, const Layout& layout) {
  const auto widths = column_widths(rows);
  std::string out;
  for (const auto& row : rows) {
    const auto count = shown_cells(row);
    out.append(count == 0 ? 0 : layout.indent, ' ');
    auto at = layout.indent;
    for (std::size_t i = 0; i < count; ++i) {
      const bool last = i + 1 == count;
      const auto text = last ? wrapped(row[i].text, at, at, layout.columns) : row[i].text;
      out += paint(text, row[i].style, layout.colour);
      if (!last) out.append(widths[i] - width(row[i].text) + 2, ' ');
      at += widths[i] + 2;
    }
    out += '\n';
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t at, std::size_t indent, std::size_t columns) {
  // Beside a long column there is no room for words: the terminal breaks the line then.
  constexpr std::size_t narrowest = 24;
  if (columns < indent + narrowest) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find(' ', 1), text.size());
    const auto word = text.substr(0, end);
    const bool fits = at + width(word) <= columns;
    const bool begins_line = out.empty() || out.ends_with(' ') || out.ends_with('\n');
    if (!fits && !begins_line) {
      out += '\n' + std::string(indent, ' ');
      at = indent;
      text.remove_prefix(1);
      continue;
    }
    out += word;
    at += width(word);
    text.remove_prefix(end);
  }
  return out;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (width(text) <= columns) return std::string(text);
  std::size_t end = 0;
  for (std::size_t shown = 0; shown < columns; ++end)
    if (end + 1 == text.size() || width(text.substr(end + 1, 1)) == 1) ++shown;
  while (end > 0 && width(text.substr(end - 1, 1)) == 0) --end;  // make room: drop the last character whole
  return std::string(text.substr(0, end == 0 ? 0 : end - 1)) + "…";
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace guard::cli
