// SPDX-License-Identifier: Apache-2.0
//
// Columns of text for a person, coloured where colours are wanted. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guard::cli {

enum class Style { plain, strong, dim, good, warn, bad };

// `text` in the style, by the ECMA-48 codes every terminal knows; unchanged where `colour` is false.
std::string paint(std::string_view text, Style style, bool colour);

struct Cell {
  std::string text;  // one line
  Style style = Style::plain;
};

struct Layout {
  std::size_t indent = 0;
  bool colour = false;
  std::size_t columns = 0;  // what is longer goes on in the next line; 0: nothing is
};

// Rows with their columns aligned, two blanks between them and the indent before; no blanks at a line's end. Rows may
// differ in length. Width is counted in characters, not bytes. The last cell of a row that is too long is wrapped.
std::string format_table(const std::vector<std::vector<Cell>>& rows, const Layout& layout);

// `text`, which begins `at` characters into a line, broken at blanks into lines of `columns` characters at most; the
// lines after the first begin `indent` characters in. A word that is longer stands alone, whole.
std::string wrapped(std::string_view text, std::size_t at, std::size_t indent, std::size_t columns);

// `text` cut to at most `columns` characters, with "…" where something was cut.
std::string fit(std::string_view text, std::size_t columns);

// The number of characters of a UTF-8 text.
std::size_t width(std::string_view text);

}  // namespace guard::cli
