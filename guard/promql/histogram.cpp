// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/histogram.hpp"

#include "guard/promql/lexer.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>

namespace guard::promql {
namespace {

bool is_of_buckets(std::string_view selector) {
  return selector.substr(0, selector.find('{')).ends_with("_bucket");
}

// True if one call of histogram_quantile is the whole expression: what is done to its value may be anything.
bool is_quantile(const std::vector<Token>& tokens) {
  if (tokens.size() < 3 || !tokens[0].is_word("histogram_quantile")) return false;
  int depth = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::open) ++depth;
    if (tokens[i].kind == TokenKind::close) --depth;
    if (depth == 0) return i + 1 == tokens.size();
  }
  return false;
}

}  // namespace

std::vector<std::string> quantile_buckets(std::string_view expr) {
  if (!is_quantile(lex_code(expr, Syntax::promql))) return {};
  std::vector<std::string> out;
  for (const auto& selector : read_selectors(expr, Syntax::promql).found)
    if (is_of_buckets(selector.text) && std::ranges::find(out, selector.text) == out.end())
      out.emplace_back(selector.text);
  return out;
}

}  // namespace guard::promql
