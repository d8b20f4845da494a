// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/shape.hpp"

#include "guard/promql/lexer.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace guard::promql {
namespace {

using Tokens = std::span<const Token>;

constexpr auto templated = Syntax::promql_template;

// How many tokens stand from the bracket at the front up to the one that closes it.
std::size_t bracketed(Tokens tokens) {
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::open) ++depth;
    if (tokens[i].kind == TokenKind::close) --depth;
    if (depth <= 0) return i + 1;
  }
  return tokens.size();
}

// Without parentheses around the whole.
Tokens unwrapped(Tokens tokens) {
  while (tokens.size() > 2 && tokens[0].is("(") && bracketed(tokens) == tokens.size())
    tokens = tokens.subspan(1, tokens.size() - 2);
  return tokens;
}

// The first token outside brackets that is `wanted`, or nullptr.
template <class Wanted>
const Token* outermost(Tokens tokens, Wanted wanted) {
  for (std::size_t i = 0; i < tokens.size();) {
    if (wanted(tokens.subspan(i))) return &tokens[i];
    i += tokens[i].kind == TokenKind::open ? bracketed(tokens.subspan(i)) : 1;
  }
  return nullptr;
}

// One that lets only a part pass; with `bool` it is 0 or 1.
bool is_filter(Tokens at) {
  constexpr std::array<std::string_view, 6> operators{"==", "!=", "<=", ">=", "<", ">"};
  const bool compares = std::ranges::find(operators, at[0].text) != operators.end();
  return compares && !(at.size() > 1 && at[1].is_word("bool"));
}

bool is_word_of(const Token& token, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is_word(word); });
}

// A comparison of values at any depth; between braces they are matchers.
bool has_filter(Tokens tokens) {
  for (std::size_t i = 0; i < tokens.size();) {
    if (is_filter(tokens.subspan(i))) return true;
    i += tokens[i].is("{") ? bracketed(tokens.subspan(i)) : 1;
  }
  return false;
}

// A call that is the whole: its name, the list of `by` or `without` if it has one, and what stands in its parentheses.
struct Call {
  const Token* name = nullptr;
  Tokens list;
  Tokens arguments;
};

std::optional<Call> whole_call(Tokens tokens) {
  if (tokens.size() < 3 || tokens[0].kind != TokenKind::word) return std::nullopt;
  Call call{&tokens[0], {}, {}};
  for (auto rest = tokens.subspan(1); !rest.empty();) {
    const bool lists = is_word_of(rest[0], {"by", "without"});
    if (lists) rest = rest.subspan(1);
    if (rest.empty() || !rest[0].is("(")) return std::nullopt;
    const auto length = bracketed(rest);
    (lists ? call.list : call.arguments) = rest.subspan(1, std::max<std::size_t>(length, 2) - 2);
    rest = rest.subspan(length);
  }
  return call;
}

const Token* condition(Tokens tokens) {
  tokens = unwrapped(tokens);
  const auto word = [](std::initializer_list<std::string_view> words) {
    return [words](Tokens at) { return is_word_of(at[0], words); };
  };
  if (outermost(tokens, word({"default"})) != nullptr) return nullptr;
  if (const auto* either = outermost(tokens, word({"or"}))) {
    const auto at = static_cast<std::size_t>(either - tokens.data());
    const auto* first = condition(tokens.first(at));
    return first != nullptr && condition(tokens.subspan(at + 1)) != nullptr ? first : nullptr;
  }
  if (const auto* unless = outermost(tokens, word({"unless"}))) return unless;
  if (const auto* both = outermost(tokens, word({"and"}))) return has_filter(tokens) ? both : nullptr;
  if (const auto* filter = outermost(tokens, is_filter)) return filter;
  const auto call = whole_call(tokens);
  return call && is_word_of(*call->name, {"count", "sum", "group"}) ? condition(call->arguments) : nullptr;
}

std::vector<std::string> others(Tokens list, const std::vector<std::string_view>& own) {
  std::vector<std::string> out;
  for (const auto& token : list)
    if (token.kind == TokenKind::word && std::ranges::find(own, token.text) == own.end()) out.emplace_back(token.text);
  return out;
}

std::optional<Grouping> grouped(Tokens tokens, std::vector<std::string_view> own);

// The same of an operand that stands in parentheses.
std::optional<Grouping> grouped_inside(Tokens tokens, const std::vector<std::string_view>& own) {
  for (std::size_t i = 0; i < tokens.size();) {
    const auto length = tokens[i].kind == TokenKind::open ? bracketed(tokens.subspan(i)) : 1;
    const bool operand = tokens[i].is("(") && (i == 0 || tokens[i - 1].kind == TokenKind::symbol);
    const auto found = operand && length > 1 ? grouped(tokens.subspan(i + 1, length - 2), own) : std::nullopt;
    if (found) return found;
    i += length;
  }
  return std::nullopt;
}

std::optional<Grouping> grouped(Tokens tokens, std::vector<std::string_view> own) {
  tokens = unwrapped(tokens);
  const auto call = whole_call(tokens);
  if (call && is_word_of(*call->name, {"topk", "bottomk"})) return Grouping{call->name->begin, {}};
  if (call && call->name->is_word("histogram_quantile")) {
    const auto* comma = outermost(call->arguments, [](Tokens at) { return at[0].is(","); });
    if (comma == nullptr) return std::nullopt;
    own.emplace_back("le");
    return grouped(call->arguments.subspan(static_cast<std::size_t>(comma - call->arguments.data()) + 1), own);
  }
  const auto* by = outermost(tokens, [&](Tokens at) {
    return at.size() > 1 && at[0].is_word("by") && at[1].is("(") &&
           !others(at.subspan(2, bracketed(at.subspan(1)) - 1), own).empty();
  });
  if (by == nullptr) return grouped_inside(tokens, own);
  const auto list = tokens.subspan(static_cast<std::size_t>(by - tokens.data()) + 1);
  return Grouping{by->begin, others(list.first(bracketed(list)), own)};
}

// Whether one of the calls around `offset` asks for no value: how many there are, or since when.
bool value_is_not_asked(Tokens tokens, std::size_t offset) {
  struct Level {
    bool asks_none = false;  // for what stands in it
    bool next = false;       // the same of its next parentheses
  };
  std::vector<Level> around{{}};
  for (const auto& token : tokens) {
    if (token.begin >= offset) break;
    auto& level = around.back();
    if (token.kind == TokenKind::open)
      around.push_back({level.asks_none || level.next, false});
    else if (token.kind == TokenKind::close && around.size() > 1)
      around.pop_back();
    else if (token.kind == TokenKind::symbol)
      level.next = false;
    else if (!is_word_of(token, {"by", "without"}))
      level.next = is_word_of(token, {"count", "group", "absent", "timestamp", "count_values"});
  }
  return around.back().asks_none;
}

}  // namespace

std::optional<std::size_t> no_value(std::string_view expr) {
  const auto all = lex_code(expr, templated);
  const auto tokens = unwrapped(all);
  if (tokens.size() == 1 && tokens[0].kind == TokenKind::string) return tokens[0].begin;
  const auto* range = outermost(tokens, [](Tokens at) { return at[0].is("["); });
  return range == nullptr ? std::nullopt : std::optional(range->begin);
}

bool has_metric(std::string_view expr) {
  const auto selectors = read_selectors(expr, templated);
  return !selectors.found.empty() || selectors.defines_names;
}

std::optional<std::size_t> condition_in(std::string_view expr) {
  const auto tokens = lex_code(expr, templated);
  const auto* at = condition(tokens);
  return at == nullptr ? std::nullopt : std::optional(at->begin);
}

bool is_absence(std::string_view expr) {
  const auto tokens = lex_code(expr, templated);
  const auto call = whole_call(unwrapped(tokens));
  return call && is_word_of(*call->name, {"absent", "absent_over_time"});
}

std::optional<Grouping> grouping(std::string_view expr, const std::vector<std::string_view>& own) {
  const auto tokens = lex_code(expr, templated);
  return grouped(tokens, own);
}

std::optional<NamedMetric> raw_counter(std::string_view expr) {
  const auto tokens = lex_code(expr, templated);
  for (const auto& selector : read_selectors(expr, templated).found) {
    const auto name = metric_name(selector.text);
    // A range makes an increase of it, and so does an offset that it is compared with.
    const bool as_it_is = std::ranges::all_of(selector.modifiers, &Modifier::moves);
    const bool compared = std::ranges::any_of(tokens, [](const Token& token) { return token.is_word("offset"); });
    if (name.ends_with("_total") && as_it_is && !compared && !value_is_not_asked(tokens, selector.begin))
      return NamedMetric{selector.begin, name};
  }
  return std::nullopt;
}

bool needs_two_samples(std::string_view expr, std::size_t offset) {
  const auto tokens = lex_code(expr, Syntax::promql);
  const auto after = std::ranges::find_if(tokens, [&](const Token& token) { return token.begin >= offset; });
  if (after - tokens.begin() < 2 || !(after - 1)->is("(")) return false;
  return is_word_of(*(after - 2), {"rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"});
}

}  // namespace guard::promql
