// SPDX-License-Identifier: Apache-2.0
//
// The tokens of PromQL, and of the templates that become PromQL: the one place that knows where a string, a comment or
// a name ends. Any text has tokens, also one that is no PromQL: nothing is refused here. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace guard::promql {

// What the text is.
enum class Syntax {
  promql,           // as a server reads it
  promql_template,  // with {{ fields }}, in strings and outside
  matcher_template  // a matcher of Alertmanager with {{ fields }}: it knows double quotes only, and no comments
};

enum class TokenKind {
  word,      // a name or a keyword. As MetricsQL has them, names may hold dots and letters beyond ASCII
  number,    // 1, 0x1F, 1e-3, .5, and whatever else begins as a number does
  duration,  // 5m, 1h30m
  string,    // with its quotes; its first character tells their kind
  comment,   // from # to the end of the line
  field,     // {{ … }} outside strings; in a template only
  open,      // ( [ {
  close,     // ) ] }
  symbol     // an operator, a comma, or a character that has no meaning
};

struct Token {
  TokenKind kind = TokenKind::symbol;
  std::size_t begin = 0;  // in bytes
  std::string_view text;  // part of the text that was read, which must live as long
  bool closed = true;     // false: a string that never ends

  std::size_t end() const { return begin + text.size(); }
  bool is(std::string_view other) const { return text == other; }
  // True for a word that is `keyword`, which is in lower case; keywords may be written in any.
  bool is_word(std::string_view keyword) const;
};

// The tokens of `text` in order, each with a character at least. Only blanks stand between them. Never fails.
std::vector<Token> lex(std::string_view text, Syntax syntax);

// The same without comments.
std::vector<Token> lex_code(std::string_view text, Syntax syntax);

}  // namespace guard::promql
