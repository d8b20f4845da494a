// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/expression.hpp"

#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>

namespace guard::promql {
namespace {

// More than a person writes; a tree of that depth can still be walked.
constexpr int deepest = 64;  // brackets, signs and powers within each other
constexpr int most_operators = 1000;
constexpr int comparison = 3;  // how tightly operators bind, from `or` to ^
constexpr int power = 6;

bool is_word_of(const Token& token, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is_word(word); });
}

bool is_one_of(const Token& token, std::initializer_list<std::string_view> symbols) {
  return std::ranges::find(symbols, token.text) != symbols.end();
}

// 0: no operator of two operands.
int binding(const Token& token) {
  if (token.is_word("or")) return 1;
  if (is_word_of(token, {"and", "unless"})) return 2;
  if (is_one_of(token, {"==", "!=", "<=", ">=", "<", ">"})) return comparison;
  if (is_one_of(token, {"+", "-"})) return 4;
  if (is_one_of(token, {"*", "/", "%"}) || token.is_word("atan2")) return 5;
  return token.is("^") ? power : 0;
}

std::optional<double> number_of(const Token& token) {
  if (token.kind == TokenKind::duration) {
    const auto length = length_of(token.text);
    return length ? std::optional(std::chrono::duration<double>(*length).count()) : std::nullopt;
  }
  if (token.kind != TokenKind::number) return std::nullopt;
  std::string digits(token.text);
  std::erase(digits, '_');
  const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
  double value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data() + (hex ? 2 : 0), end, value,
                                             hex ? std::chars_format::hex : std::chars_format::general);
  return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

std::optional<double> computed(std::string_view operation, double a, double b) {
  if (operation == "+") return a + b;
  if (operation == "-") return a - b;
  if (operation == "*") return a * b;
  if (operation == "/") return a / b;
  if (operation == "%") return std::fmod(a, b);
  if (operation == "^") return std::pow(a, b);
  return std::nullopt;
}

class Parser {
 public:
  Parser(std::string_view text, Syntax syntax) : text_(text), tokens_(lex_code(text, syntax)) {
    tokens_.push_back({TokenKind::symbol, text.size(), {}});
  }

  std::optional<Expression> whole() {
    auto out = binary(1);
    return out && at_ + 1 == tokens_.size() ? out : std::nullopt;
  }

  std::optional<WholeCall> call() {
    if (here().kind != TokenKind::word) return std::nullopt;
    WholeCall out{here().text, {}, {}, false, false};
    advance();
    take_list(out);
    if (!here().is("(")) return std::nullopt;
    const auto first = at_ + 1;
    if (!skip_brackets()) return std::nullopt;
    if (at_ - 1 > first) out.inside = between(first, at_ - 1);
    take_list(out);
    return at_ + 1 == tokens_.size() ? std::optional(out) : std::nullopt;
  }

 private:
  std::optional<Expression> binary(int least) {
    const auto begin = here().begin;
    auto left = sign();
    while (left) {
      const auto strength = binding(here());
      if (strength == 0 || strength < least) break;
      Expression both{{}, here().text, false, {}, {}, {}};
      advance();
      take_matching(both);
      if (++operators_ > most_operators || ++depth_ > deepest) return std::nullopt;
      auto right = binary(strength == power ? strength : strength + 1);
      --depth_;
      if (!right) return std::nullopt;
      if (left->number && right->number && !both.is_bool)
        both.number = computed(both.operation, *left->number, *right->number);
      both.text = spanning(begin, at_);
      both.operands.push_back(std::move(*left));
      both.operands.push_back(std::move(*right));
      left = std::move(both);
    }
    return left;
  }

  // -x^2 is -(x^2), and -x * y is (-x) * y.
  std::optional<Expression> sign() {
    if (!is_one_of(here(), {"-", "+"})) return operand();
    Expression out{{}, here().text, false, {}, {}, {}};
    const auto begin = here().begin;
    advance();
    if (++depth_ > deepest) return std::nullopt;
    auto inner = binary(power);
    --depth_;
    if (!inner) return std::nullopt;
    out.text = spanning(begin, at_);
    if (inner->number) out.number = out.operation == "-" ? -*inner->number : *inner->number;
    out.operands.push_back(std::move(*inner));
    return out;
  }

  std::optional<Expression> operand() {
    if (here().is("(")) return in_parentheses();
    const auto begin = here().begin;
    const auto number = number_of(here());
    if (is_word_of(here(), {"and", "or", "unless"})) return std::nullopt;
    if (here().kind == TokenKind::word) {
      advance();
      if (is_word_of(here(), {"by", "without"})) skip_list();
      if (here().is("(") || here().is("{")) {
        const bool called = here().is("(");
        if (!skip_brackets()) return std::nullopt;
        if (called && is_word_of(here(), {"by", "without"})) skip_list();
      }
    } else if (here().is("{")) {
      if (!skip_brackets()) return std::nullopt;
    } else if (number || here().kind == TokenKind::string) {
      advance();
    } else {
      return std::nullopt;
    }
    const bool moved = skip_modifiers();
    return Expression{spanning(begin, at_), {}, false, {}, {}, moved ? std::nullopt : number};
  }

  std::optional<Expression> in_parentheses() {
    const auto begin = here().begin;
    advance();
    if (++depth_ > deepest) return std::nullopt;
    auto inner = binary(1);
    --depth_;
    if (!inner || !here().is(")")) return std::nullopt;
    advance();
    if (!skip_modifiers()) return inner;
    return Expression{spanning(begin, at_), {}, false, {}, {}, {}};
  }

  void take_matching(Expression& both) {
    const auto first = at_;
    while (is_word_of(here(), {"bool", "on", "ignoring", "group_left", "group_right"})) {
      both.is_bool = both.is_bool || here().is_word("bool");
      const bool listed = !here().is_word("bool");
      advance();
      if (listed && here().is("(") && !skip_brackets()) return;
    }
    if (at_ > first) both.matching = between(first, at_);
  }

  // True if there are some.
  bool skip_modifiers() {
    const auto first = at_;
    for (;;) {
      if (here().is("[")) {
        if (!skip_brackets()) break;
      } else if (here().is_word("offset") || here().is("@")) {
        advance();
        while (is_one_of(here(), {"-", "+"})) advance();
        advance();
        if (here().is("(") && !skip_brackets()) break;
      } else {
        break;
      }
    }
    return at_ > first;
  }

  void skip_list() {
    advance();
    if (here().is("(")) skip_brackets();
  }

  void take_list(WholeCall& call) {
    if (!is_word_of(here(), {"by", "without"})) return;
    call.has_labels = true;
    call.without = here().is_word("without");
    advance();
    if (!here().is("(")) return;
    const auto first = at_;
    skip_brackets();
    for (auto i = first; i < at_; ++i)
      if (tokens_[i].kind == TokenKind::word) call.labels.push_back(tokens_[i].text);
  }

  // Past the bracket that closes the one here; false if none does.
  bool skip_brackets() {
    int level = 0;
    while (at_ + 1 < tokens_.size()) {
      if (here().kind == TokenKind::open) ++level;
      if (here().kind == TokenKind::close) --level;
      advance();
      if (level == 0) return true;
    }
    return false;
  }

  // From the byte `begin` to the end of the token before `last`.
  std::string_view spanning(std::size_t begin, std::size_t last) const {
    return text_.substr(begin, tokens_[last - 1].end() - begin);
  }
  std::string_view between(std::size_t first, std::size_t last) const { return spanning(tokens_[first].begin, last); }

  const Token& here() const { return tokens_[at_]; }
  void advance() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }

  std::string_view text_;
  std::vector<Token> tokens_;  // the last one is empty: the end
  std::size_t at_ = 0;
  int depth_ = 0;
  int operators_ = 0;
};

}  // namespace

bool Expression::compares() const {
  constexpr std::array<std::string_view, 6> operators{"==", "!=", "<=", ">=", "<", ">"};
  return std::ranges::find(operators, operation) != operators.end();
}

bool Expression::is_word(std::string_view keyword) const {
  return Token{TokenKind::word, 0, operation}.is_word(keyword);
}

std::optional<Expression> parse_expression(std::string_view expr, Syntax syntax) {
  return Parser(expr, syntax).whole();
}

std::optional<WholeCall> whole_call(std::string_view operand, Syntax syntax) {
  return Parser(operand, syntax).call();
}

}  // namespace guard::promql
