// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/histogram.hpp"

#include "guard/promql/expression.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>

namespace guard::promql {
namespace {

constexpr auto syntax = Syntax::promql;

std::vector<std::string> buckets_of(std::string_view expr) {
  std::vector<std::string> out;
  for (const auto& selector : read_selectors(expr, syntax).found)
    if (metric_name(selector.text).ends_with("_bucket") && std::ranges::find(out, selector.text) == out.end())
      out.emplace_back(selector.text);
  return out;
}

// What stands behind the first comma outside brackets.
std::string_view second_argument(std::string_view arguments) {
  int depth = 0;
  for (const auto& token : lex_code(arguments, syntax)) {
    if (token.kind == TokenKind::open) ++depth;
    if (token.kind == TokenKind::close) --depth;
    if (depth == 0 && token.is(",")) return arguments.substr(token.end());
  }
  return {};
}

// True if `sum` is over one quantile each: those of buckets that are summed by `le` and by labels that it keeps.
bool sums_one(const WholeCall& sum, const WholeCall& quantile) {
  const auto histogram = parse_expression(second_argument(quantile.inside), syntax);
  const auto buckets = histogram ? whole_call(histogram->text, syntax) : std::nullopt;
  if (sum.without || !buckets || !buckets->has_labels || buckets->without) return false;
  return std::ranges::all_of(buckets->labels, [&](std::string_view label) {
    return label == "le" || std::ranges::find(sum.labels, label) != sum.labels.end();
  });
}

// So many times the greatest of the quantiles in it is an expression at most; nothing where that cannot be told.
std::optional<double> factor_of(const Expression& expression);

std::optional<double> factor_in(const WholeCall& call) {
  if (call.name == "histogram_quantile") return 1;
  const auto inner = parse_expression(call.inside, syntax);
  if (!inner) return std::nullopt;
  const Token name{TokenKind::word, 0, call.name};
  if (name.is_word("max") || name.is_word("min") || name.is_word("avg")) return factor_of(*inner);
  const auto quantile = name.is_word("sum") ? whole_call(inner->text, syntax) : std::nullopt;
  const bool one = quantile && quantile->name == "histogram_quantile" && sums_one(call, *quantile);
  return one ? std::optional(1.0) : std::nullopt;
}

std::optional<double> factor_of(const Expression& expression) {
  if (expression.operation.empty()) {
    const auto call = whole_call(expression.text, syntax);
    return call ? factor_in(*call) : std::nullopt;
  }
  if (expression.operands.size() != 2) return std::nullopt;
  const auto& left = expression.operands[0];
  const auto& right = expression.operands[1];
  const auto times = [](const Expression& one, double number) {
    const auto factor = number > 0 ? factor_of(one) : std::nullopt;
    return factor ? std::optional(*factor * number) : std::nullopt;
  };
  if (expression.operation == "*" && left.number) return times(right, *left.number);
  if (expression.operation == "*" && right.number) return times(left, *right.number);
  if (expression.operation == "/" && right.number && *right.number > 0) return times(left, 1 / *right.number);
  return std::nullopt;
}

}  // namespace

std::optional<Quantile> quantile_of(std::string_view expr) {
  // Most expressions take none, and to read them whole costs.
  if (!expr.contains("histogram_quantile")) return std::nullopt;
  const auto expression = parse_expression(expr, syntax);
  const auto factor = expression ? factor_of(*expression) : std::nullopt;
  if (!factor) return std::nullopt;
  return Quantile{buckets_of(expr), *factor};
}

}  // namespace guard::promql
