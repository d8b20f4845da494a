// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/selectors.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"
#include "guard/promql/metric_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace guard::promql {
namespace {

// What may stand between an operator and its second operand, most with a list of labels in parentheses.
constexpr std::array<std::string_view, 5> matching_words{"on", "ignoring", "group_left", "group_right", "bool"};
// The same, where a list follows; else they are names as others.
constexpr std::array<std::string_view, 5> list_words{"by", "without", "fill", "fill_left", "fill_right"};

template <std::size_t n>
bool is_one_of(const Token& token, const std::array<std::string_view, n>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is_word(word); });
}

// A name is a selector only where an operand may begin: after one stands an operator, whatever its name
// (Prometheus' promql/parser/generated_parser.y says where which may stand).
class Reader {
 public:
  Reader(std::string_view text, Syntax syntax) : text_(text), tokens_(lex_code(text, syntax)) {
    tokens_.push_back({TokenKind::symbol, text.size(), {}});
  }

  Selectors read() {
    while (at_ + 1 < tokens_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    if (here().is("(")) return open_parenthesis(false);
    if (here().is(")")) return close_parenthesis();
    if (here().is("{")) return selector();
    if (here().is("[")) return skip_brackets();
    if (here().kind == TokenKind::word) return word();
    after_operand_ = here().kind != TokenKind::symbol;
    ++at_;
  }

  void word() {
    if (std::exchange(after_operand_, false)) return advance();  // an operator
    if (is_one_of(here(), matching_words) || begins_list()) return skip_list();
    if (here().is_word("inf") || here().is_word("nan")) {
      after_operand_ = true;
      return advance();
    }
    const bool defines = here().is_word("with");
    const auto& next = tokens_[at_ + 1];
    if (!next.is("(") && !(next.is_word("by") || next.is_word("without"))) return selector();
    advance();  // a function, or an aggregation that may have its list of labels first
    if (defines && next.is("(")) open_parenthesis(true);
  }

  void selector() {
    const auto begin = here().begin;
    auto end = begin;
    if (here().kind == TokenKind::word) {
      end = here().end();
      advance();
    }
    if (here().is("{")) {
      skip_brackets();
      end = tokens_[at_ - 1].end();
    }
    out_.found.push_back({begin, text_.substr(begin, end - begin), {}});
    take_modifiers(out_.found.size() - 1);
    after_operand_ = true;
  }

  void open_parenthesis(bool defines) {
    out_.defines_names = out_.defines_names || defines;
    open_.push_back({out_.found.size(), defines});
    after_operand_ = false;
    advance();
  }

  // `(…)[1h:]` looks back for so long over everything between the parentheses; `offset 1d` moves it.
  void close_parenthesis() {
    advance();
    after_operand_ = true;
    if (open_.empty()) return;
    const auto open = open_.back();
    open_.pop_back();
    after_operand_ = !open.defines;
    if (begins_list()) skip_list();  // sum(x) by (le)
    take_modifiers(open.found);
  }

  // What stands here for the selectors from `first` on, in any order.
  void take_modifiers(std::size_t first) {
    for (;;) {
      std::optional<Modifier> modifier;
      if (here().is("["))
        modifier = range();
      else if (here().is_word("offset"))
        modifier = moment(ModifierKind::offset);
      else if (here().is("@"))
        modifier = moment(ModifierKind::at);
      else if (here().is_word("anchored") || here().is_word("smoothed"))
        advance();
      else
        return;
      for (auto i = first; modifier && i < out_.found.size(); ++i) out_.found[i].modifiers.push_back(*modifier);
    }
  }

  // Nothing if its bracket is never closed.
  std::optional<Modifier> range() {
    const auto begin = here().begin;
    const auto first = at_ + 1;
    skip_brackets();
    const auto last = at_ - 1;
    if (!tokens_[last].is("]")) return std::nullopt;
    auto colon = first;
    while (colon < last && !tokens_[colon].is(":")) ++colon;
    return Modifier{colon == last ? ModifierKind::range : ModifierKind::subquery, begin, between(first, colon)};
  }

  // The time that an `offset` or `@` says: 5m, -5m, 1609746000, end(), (5m * 2).
  Modifier moment(ModifierKind kind) {
    const auto begin = here().begin;
    advance();
    const auto first = at_;
    while (here().is("-") || here().is("+")) advance();
    const bool literal = here().kind == TokenKind::number || here().kind == TokenKind::duration;
    const bool call = here().kind == TokenKind::word && tokens_[at_ + 1].is("(");
    if (literal || call || here().kind == TokenKind::field) advance();
    if (!literal && here().is("(")) skip_brackets();
    return {kind, begin, between(first, at_)};
  }

  bool begins_list() const { return is_one_of(here(), list_words) && tokens_[at_ + 1].is("("); }
  void skip_list() {
    advance();
    if (here().is("(")) skip_brackets();
  }

  // Past the bracket that closes the one here, or to the end.
  void skip_brackets() {
    std::size_t depth = 0;
    do {
      if (here().kind == TokenKind::open) ++depth;
      if (here().kind == TokenKind::close) --depth;
      advance();
    } while (depth > 0 && at_ + 1 < tokens_.size());
  }

  // The text of the tokens from `first` up to `last`.
  std::string_view between(std::size_t first, std::size_t last) const {
    if (first == last) return {};
    return text_.substr(tokens_[first].begin, tokens_[last - 1].end() - tokens_[first].begin);
  }

  const Token& here() const { return tokens_[at_]; }
  void advance() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }

  struct Open {
    std::size_t found = 0;  // how many had been found before it
    bool defines = false;   // names, of WITH
  };
  std::string_view text_;
  std::vector<Token> tokens_;  // the last one is empty: the end
  std::size_t at_ = 0;
  bool after_operand_ = false;
  std::vector<Open> open_;
  Selectors out_;
};

}  // namespace

std::optional<Duration> Modifier::length() const {
  if (kind == ModifierKind::at) return std::nullopt;
  const bool negative = text.starts_with('-');
  const auto length = length_of(trim(text.substr(negative || text.starts_with('+') ? 1 : 0)));
  return length && negative ? -*length : length;
}

Selectors read_selectors(std::string_view expr, Syntax syntax) {
  return Reader(expr, syntax).read();
}

std::vector<std::string_view> matchers_of(std::string_view selector, Syntax syntax) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  std::size_t end = 0;
  const auto take = [&] {
    if (end > begin) out.push_back(selector.substr(begin, end - begin));
    begin = end = 0;
  };
  bool inside = false;
  for (const auto& token : lex_code(selector, syntax)) {
    if (inside && (token.is(",") || token.is("}"))) {
      take();
    } else if (inside) {
      if (begin == 0) begin = token.begin;
      end = token.end();
    }
    inside = inside || token.is("{");
  }
  return out;
}

std::string with_matchers(std::string_view selector, const std::vector<std::string>& matchers, Syntax syntax) {
  const auto label = [syntax](std::string_view matcher) { return lex_code(matcher, syntax).front().text; };
  std::string out(metric_name(selector));
  std::string inside;
  const auto keep = [&](std::string_view matcher) {
    if (!inside.empty()) inside += ',';
    inside += matcher;
  };
  for (const auto own : matchers_of(selector, syntax))
    if (std::ranges::none_of(matchers, [&](const auto& other) { return label(other) == label(own); })) keep(own);
  for (const auto& matcher : matchers) keep(trim(matcher));
  return out + '{' + inside + '}';
}

std::string all_with_matchers(std::string_view expr, const std::vector<std::string>& matchers, Syntax syntax) {
  std::string out;
  std::size_t done = 0;
  for (const auto& selector : read_selectors(expr, syntax).found) {
    out += expr.substr(done, selector.begin - done);
    out += with_matchers(selector.text, matchers, syntax);
    done = selector.begin + selector.text.size();
  }
  return out += expr.substr(done);
}

std::optional<Duration> length_of(std::string_view text) {
  constexpr std::chrono::duration<double> longest = std::chrono::hours(24 * 365 * 100);
  if (const auto duration = parse_duration(text)) return *duration;
  double seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || stop != end || !(seconds >= 0 && seconds <= longest.count())) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace guard::promql
