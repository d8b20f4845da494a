// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/lint.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace guard::promql {
namespace {

constexpr char hidden = '\x01';

// Past the end of the string or comment that begins at `at`, or `at` if none does; npos if the string never ends.
std::size_t skip_opaque(std::string_view expr, std::size_t at) {
  const char quote = expr[at];
  if (quote == '#') return std::min(expr.find('\n', at), expr.size());
  if (quote != '"' && quote != '\'' && quote != '`') return at;
  for (auto i = at + 1; i < expr.size(); ++i) {
    if (expr[i] == '\\' && quote != '`')
      ++i;
    else if (expr[i] == quote)
      return i + 1;
  }
  return std::string_view::npos;
}

// The expression at its own length, with strings and comments hidden.
std::string without_strings(std::string_view expr) {
  std::string out(expr);
  for (std::size_t i = 0; i < expr.size();) {
    const auto end = std::min(skip_opaque(expr, i), expr.size());
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(i), out.begin() + static_cast<std::ptrdiff_t>(end),
              expr[i] == '#' ? ' ' : hidden);
    i = std::max(end, i + 1);
  }
  return out;
}

// Further, with everything in brackets of any kind hidden.
std::string top_level(std::string_view expr) {
  auto out = without_strings(expr);
  int depth = 0;
  for (char& c : out) {
    const bool opens = c == '(' || c == '[' || c == '{';
    const bool closes = c == ')' || c == ']' || c == '}';
    if (closes) --depth;
    if (depth > 0 || opens || closes) c = hidden;
    if (opens) ++depth;
  }
  return out;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '.';
}

bool has_set_operator(std::string_view top) {
  constexpr std::array<std::string_view, 3> operators{"and", "or", "unless"};
  std::string word;
  for (std::size_t i = 0; i <= top.size(); ++i) {
    if (i < top.size() && is_word_character(top[i])) {
      word += top[i] >= 'A' && top[i] <= 'Z' ? static_cast<char>(top[i] - 'A' + 'a') : top[i];
      continue;
    }
    if (std::ranges::find(operators, word) != operators.end()) return true;
    word.clear();
  }
  return false;
}

struct Comparison {
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::vector<Comparison> comparisons(std::string_view top) {
  constexpr std::array<std::string_view, 6> operators{"==", "!=", "<=", ">=", "<", ">"};
  std::vector<Comparison> out;
  for (std::size_t i = 0; i < top.size(); ++i) {
    const auto found = std::ranges::find_if(operators, [&](auto op) { return top.substr(i).starts_with(op); });
    if (found == operators.end()) continue;
    out.push_back({i, found->size()});
    i += found->size() - 1;
  }
  return out;
}

bool is_number_or_nothing(std::string_view operand) {
  operand = trim(operand);
  double value = 0;
  const auto* end = operand.data() + operand.size();
  const auto [stop, error] = std::from_chars(operand.data(), end, value);
  return operand.empty() || (error == std::errc{} && stop == end);
}

std::optional<std::size_t> endless_string(std::string_view expr) {
  for (std::size_t i = 0; i < expr.size();) {
    const auto end = skip_opaque(expr, i);
    if (end == std::string_view::npos) return i;
    i = std::max(end, i + 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Unbalanced> unbalanced(std::string_view expr) {
  constexpr std::string_view opening = "([{";
  constexpr std::string_view closing = ")]}";
  if (const auto at = endless_string(expr)) return Unbalanced{*at, "this quoted text never ends; close the quote"};
  const auto visible = without_strings(expr);
  std::vector<std::pair<std::size_t, char>> wanted;  // where each open bracket stands, and what closes it
  for (std::size_t i = 0; i < visible.size(); ++i) {
    if (const auto kind = opening.find(visible[i]); kind != std::string_view::npos)
      wanted.emplace_back(i, closing[kind]);
    if (closing.find(visible[i]) == std::string_view::npos) continue;
    if (wanted.empty()) return Unbalanced{i, "no bracket before this one is open; delete it, or open one"};
    if (wanted.back().second != visible[i])
      return Unbalanced{i, fmt::format("a {} must close the bracket before this one first", wanted.back().second)};
    wanted.pop_back();
  }
  if (wanted.empty()) return std::nullopt;
  return Unbalanced{wanted.back().first, fmt::format("this bracket is never closed; add its {}", wanted.back().second)};
}

std::optional<std::size_t> threshold_in(std::string_view expr) {
  const auto top = top_level(expr);
  if (has_set_operator(top)) return std::nullopt;
  const auto found = comparisons(top);
  const auto operand = [&](std::size_t from, std::size_t to) { return std::string_view(top).substr(from, to - from); };
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto left_begin = i == 0 ? 0 : found[i - 1].offset + found[i - 1].length;
    const auto right_begin = found[i].offset + found[i].length;
    const auto right_end = i + 1 < found.size() ? found[i + 1].offset : top.size();
    const auto left = operand(left_begin, found[i].offset);
    const auto right = operand(right_begin, right_end);
    if (trim(right).starts_with("bool")) continue;
    if (is_number_or_nothing(left) || is_number_or_nothing(right)) return found[i].offset;
  }
  return std::nullopt;
}

std::optional<Range> longest_range(std::string_view expr) {
  const auto visible = without_strings(expr);
  std::optional<Range> longest;
  for (auto open = visible.find('['); open != std::string::npos; open = visible.find('[', open + 1)) {
    const auto end = visible.find_first_of(":]", open);
    if (end == std::string::npos) break;
    const auto length = parse_duration(trim(std::string_view(visible).substr(open + 1, end - open - 1)));
    if (length && (!longest || *length > longest->length)) longest = Range{*length, open};
  }
  return longest;
}

std::optional<Range> longest_offset(std::string_view expr) {
  constexpr std::string_view word = "offset";
  auto visible = without_strings(expr);
  std::transform(visible.begin(), visible.end(), visible.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::optional<Range> longest;
  for (auto at = visible.find(word); at != std::string::npos; at = visible.find(word, at + 1)) {
    const auto begin = visible.find_first_not_of(" \t\n", at + word.size());
    if (begin == std::string::npos || begin == at + word.size()) continue;  // a part of a name
    const auto length = parse_duration(visible.substr(begin, visible.find_first_of(" \t\n)]}+-*/,", begin) - begin));
    if (length && (!longest || *length > longest->length)) longest = Range{*length, at};
  }
  return longest;
}

bool is_share_of_events(std::string_view expr) {
  const auto slash = top_level(expr).rfind('/');
  if (slash == std::string::npos) return false;
  const auto visible = without_strings(expr);
  const auto divisor = std::string_view(visible).substr(slash);
  return divisor.find("rate(") != std::string_view::npos || divisor.find("increase(") != std::string_view::npos;
}

}  // namespace guard::promql
