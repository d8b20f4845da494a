// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/lint.hpp"

#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace guard::promql {
namespace {

// Rules are looked at as they are written, with their {{ fields }}.
std::vector<Token> lex_rule(std::string_view expr) {
  return lex_code(expr, Syntax::promql_template);
}

char counterpart(const Token& open) {
  return open.is("(") ? ')' : open.is("[") ? ']' : '}';
}

// Without what stands between brackets, but with the brackets.
std::vector<Token> top_level(std::string_view expr) {
  auto tokens = lex_rule(expr);
  int depth = 0;
  std::erase_if(tokens, [&](const Token& token) {
    if (token.kind == TokenKind::close) --depth;
    const bool inside = depth > 0;
    if (token.kind == TokenKind::open) ++depth;
    return inside;
  });
  return tokens;
}

bool is_set_operator(const Token& token) {
  return token.is_word("and") || token.is_word("or") || token.is_word("unless");
}

bool is_rate(const Token& token) {
  return token.is("rate") || token.is("irate") || token.is("increase");
}

bool is_comparison(const Token& token) {
  constexpr std::array<std::string_view, 6> operators{"==", "!=", "<=", ">=", "<", ">"};
  return std::ranges::find(operators, token.text) != operators.end();
}

bool is_number_or_nothing(std::span<const Token> operand) {
  if (operand.empty()) return true;
  if (operand[0].is("-") || operand[0].is("+")) operand = operand.subspan(1);
  if (operand.size() != 1) return false;
  const auto& token = operand[0];
  return token.kind == TokenKind::number || token.kind == TokenKind::duration || token.is_word("inf") ||
         token.is_word("nan");
}

// The longest among the modifiers of one of the kinds that are shorter than `limit`.
std::optional<Range> longest(std::string_view expr, std::initializer_list<ModifierKind> kinds,
                             Duration limit = Duration::max()) {
  std::optional<Range> out;
  for (const auto& selector : read_selectors(expr, Syntax::promql_template).found) {
    for (const auto& modifier : selector.modifiers) {
      const auto length = std::ranges::find(kinds, modifier.kind) == kinds.end() ? std::nullopt : modifier.length();
      if (length && *length >= Duration{0} && *length < limit && (!out || *length > out->length))
        out = Range{*length, modifier.begin};
    }
  }
  return out;
}

}  // namespace

std::optional<Unbalanced> unbalanced(std::string_view expr) {
  const auto tokens = lex_rule(expr);
  const auto endless = std::ranges::find(tokens, false, &Token::closed);
  if (endless != tokens.end()) return Unbalanced{endless->begin, "this quoted text never ends", "close the quote"};
  std::vector<Token> open;
  for (const auto& token : tokens) {
    if (token.kind == TokenKind::open) open.push_back(token);
    if (token.kind != TokenKind::close) continue;
    if (open.empty()) return Unbalanced{token.begin, "no bracket before this one is open", "delete it, or open one"};
    const char wanted = counterpart(open.back());
    if (token.text[0] != wanted)
      return Unbalanced{token.begin, "the bracket before this one is still open",
                        fmt::format("close it by a {} first", wanted)};
    open.pop_back();
  }
  if (open.empty()) return std::nullopt;
  return Unbalanced{open.back().begin, "this bracket is never closed",
                    fmt::format("add its {}", counterpart(open.back()))};
}

std::optional<std::size_t> threshold_in(std::string_view expr) {
  const auto top = top_level(expr);
  if (std::ranges::any_of(top, is_set_operator)) return std::nullopt;
  for (auto left = top.begin();;) {
    const auto comparison = std::find_if(left, top.end(), is_comparison);
    if (comparison == top.end()) return std::nullopt;
    const auto right = comparison + 1;
    const bool bool_result = right != top.end() && right->is_word("bool");
    const auto after = std::find_if(right, top.end(), is_comparison);
    if (!bool_result && (is_number_or_nothing({left, comparison}) || is_number_or_nothing({right, after})))
      return comparison->begin;
    left = right;
  }
}

std::optional<Range> longest_range(std::string_view expr) {
  return longest(expr, {ModifierKind::range, ModifierKind::subquery});
}

std::optional<Range> longest_offset(std::string_view expr, Duration limit) {
  return longest(expr, {ModifierKind::offset}, limit);
}

bool is_rate_of_events(std::string_view expr) {
  const auto tokens = lex_rule(expr);
  const bool sums = tokens.size() > 4 && tokens[0].is("sum") && tokens[1].is("(");
  const auto rate = sums ? tokens.begin() + 2 : tokens.begin();
  const bool whole = top_level(expr).size() == 3;
  return whole && tokens.size() > 2 && is_rate(*rate) && std::next(rate)->is("(") &&
         read_selectors(expr, Syntax::promql_template).found.size() == 1;
}

bool is_share_of_events(std::string_view expr) {
  const auto top = top_level(expr);
  const auto slash = std::find_if(top.rbegin(), top.rend(), [](const Token& token) { return token.is("/"); });
  if (slash == top.rend()) return false;
  const auto divisor = lex_rule(expr.substr(slash->begin));
  const auto counts_events = [](const Token& name, const Token& next) { return next.is("(") && is_rate(name); };
  return std::ranges::adjacent_find(divisor, counts_events) != divisor.end();
}

}  // namespace guard::promql
