// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/bound.hpp"

#include "guard/config/quantity.hpp"
#include "guard/promql/lexer.hpp"
#include "guard/promql/metric_unit.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace guard::importing {
namespace {

using model::Comparison;
using model::Unit;

constexpr auto templated = promql::Syntax::promql_template;
constexpr double noise = 1e-11;  // of arithmetic with numbers that people write

bool same(double a, double b) {
  return a == b || std::abs(a - b) <= noise * std::abs(b);
}

// Functions whose result is in the unit of what they are given. A quantile of rates of buckets is in that of the
// bounds.
bool keeps_unit(const std::vector<promql::Token>& tokens) {
  constexpr std::array<std::string_view, 11> known{
      "sum",           "avg",           "min",           "max",  "quantile",          "abs",
      "avg_over_time", "min_over_time", "max_over_time", "time", "histogram_quantile"};
  constexpr std::array<std::string_view, 4> of_buckets{"rate", "irate", "increase", "by"};
  const bool quantile = !tokens.empty() && tokens[0].is("histogram_quantile");
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != promql::TokenKind::word || !tokens[i + 1].is("(")) continue;
    const bool fine = std::ranges::find(known, tokens[i].text) != known.end() || tokens[i].is_word("by") ||
                      (quantile && std::ranges::find(of_buckets, tokens[i].text) != of_buckets.end());
    if (!fine) return false;
  }
  return true;
}

std::string number_text(double value) {
  return fmt::format("{:.12g}", value);
}

}  // namespace

Comparison inverted(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return Comparison::greater_equal;
    case Comparison::less_equal:
      return Comparison::greater;
    case Comparison::greater:
      return Comparison::less_equal;
    case Comparison::greater_equal:
      return Comparison::less;
    case Comparison::equal:
      return Comparison::not_equal;
    case Comparison::not_equal:
      return Comparison::equal;
  }
  return comparison;
}

Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return Comparison::greater;
    case Comparison::less_equal:
      return Comparison::greater_equal;
    case Comparison::greater:
      return Comparison::less;
    case Comparison::greater_equal:
      return Comparison::less_equal;
    case Comparison::equal:
    case Comparison::not_equal:
      return comparison;
  }
  return comparison;
}

Unit unit_of(std::string_view expr) {
  const auto metrics = promql::metric_units(expr);
  const auto tokens = promql::lex_code(expr, templated);
  const bool all_named = metrics.size() == promql::read_selectors(expr, templated).found.size();
  const bool alike = std::ranges::all_of(metrics, [&](const auto& metric) { return metric == metrics.front(); });
  if (metrics.empty() || !all_named || !alike || promql::divides(expr) || !keeps_unit(tokens)) return Unit::number;
  if (!same(promql::unit_scale(expr), metrics.front().factor)) return Unit::number;
  switch (metrics.front().quantity) {
    case promql::Quantity::time:
      return Unit::seconds;
    case promql::Quantity::size:
      return Unit::bytes;
    case promql::Quantity::share:
      return Unit::ratio;
  }
  return Unit::number;
}

std::string objective_text(Comparison comparison, double bound, Unit unit) {
  auto plain = fmt::format("{} {}", to_string(comparison), number_text(bound));
  if (unit == Unit::number || bound <= 0) return plain;
  auto text = model::format_objective({comparison, bound, unit, false});
  const auto read = config::parse_objective(text);
  const bool exact = read && read->unit == unit && same(read->bound, bound);
  return exact && text.size() <= plain.size() + 2 ? text : plain;
}

}  // namespace guard::importing
