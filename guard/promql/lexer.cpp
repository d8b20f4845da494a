// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/lexer.hpp"

#include "guard/base/duration.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace guard::promql {
namespace {

constexpr std::string_view opening = "([{";
constexpr std::string_view closing = ")]}";
constexpr std::string_view blanks = " \t\n\r\v\f";
constexpr std::array<std::string_view, 8> long_symbols{"==", "!=", "<=", ">=", "=~", "!~", "</", ">/"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_letter(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  Lexer(std::string_view text, Syntax syntax)
      : text_(text), is_promql_(syntax != Syntax::matcher_template), fields_(syntax != Syntax::promql) {}

  std::vector<Token> tokens() {
    std::vector<Token> out;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) out.push_back(next());
    return out;
  }

 private:
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

  Token next() {
    const char c = text_[at_];
    if (c == '"' || (is_promql_ && (c == '\'' || c == '`'))) return string();
    if (c == '#' && is_promql_) return token(TokenKind::comment, std::min(text_.find('\n', at_), text_.size()));
    if (const auto end = field_end(at_); end != at_) return token(TokenKind::field, end);
    if (is_digit(c) || (c == '.' && is_digit(peek(at_ + 1)))) return number();
    if (is_letter(c) || (c == ':' && !in_range_)) return token(TokenKind::word, word_end());
    if (opening.contains(c) || closing.contains(c)) return bracket();
    const auto rest = text_.substr(at_);
    const auto is_here = [&](std::string_view symbol) { return rest.starts_with(symbol); };
    return token(TokenKind::symbol, at_ + (std::ranges::any_of(long_symbols, is_here) ? 2U : 1U));
  }

  Token token(TokenKind kind, std::size_t end) {
    const auto begin = std::exchange(at_, end);
    return {kind, begin, text_.substr(begin, end - begin)};
  }

  // Past the field that begins at `at`, or `at` if none does. What is never closed is none.
  std::size_t field_end(std::size_t at) {
    if (!fields_ || !text_.substr(at).starts_with("{{")) return at;
    const auto end = text_.find("}}", at + 2);
    fields_ = end != std::string_view::npos;
    return fields_ ? end + 2 : at;
  }

  Token string() {
    const char quote = text_[at_];
    for (auto i = at_ + 1; i < text_.size();) {
      if (text_[i] == quote) return token(TokenKind::string, i + 1);
      const bool escape = text_[i] == '\\' && quote != '`';
      const auto past_field = field_end(i);
      i = std::max(past_field, i + (escape ? 2U : 1U));
    }
    auto endless = token(TokenKind::string, text_.size());
    endless.closed = false;
    return endless;
  }

  Token number() {
    const bool hex = text_[at_] == '0' && lower(peek(at_ + 1)) == 'x';
    const auto is_exponent = [&](std::size_t i) { return !hex && lower(text_[i]) == 'e'; };
    auto end = at_ + 1;
    while (is_digit(peek(end)) || is_letter(peek(end)) || peek(end) == '.' ||
           ((peek(end) == '-' || peek(end) == '+') && is_exponent(end - 1)))
      ++end;
    auto out = token(TokenKind::number, end);
    if (!is_digit(out.text.back()) && parse_duration(out.text)) out.kind = TokenKind::duration;
    return out;
  }

  std::size_t word_end() const {
    auto end = at_ + 1;
    while (is_letter(peek(end)) || is_digit(peek(end)) || (peek(end) == ':' && !in_range_) ||
           (peek(end) == '.' && is_letter(peek(end + 1))))
      ++end;
    return end;
  }

  // Between square brackets a colon parts a subquery's range from its step; elsewhere it belongs to a name.
  Token bracket() {
    in_range_ = text_[at_] == '[' || (in_range_ && text_[at_] != ']');
    return token(opening.contains(text_[at_]) ? TokenKind::open : TokenKind::close, at_ + 1);
  }

  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_promql_;  // which has single quotes, backquotes and comments
  bool fields_;     // false also once no field can follow
  bool in_range_ = false;
};

}  // namespace

bool Token::is_word(std::string_view keyword) const {
  return kind == TokenKind::word && std::ranges::equal(text, keyword, {}, lower);
}

std::vector<Token> lex(std::string_view text, Syntax syntax) {
  return Lexer(text, syntax).tokens();
}

std::vector<Token> lex_code(std::string_view text, Syntax syntax) {
  auto out = lex(text, syntax);
  std::erase_if(out, [](const Token& token) { return token.kind == TokenKind::comment; });
  return out;
}

}  // namespace guard::promql
