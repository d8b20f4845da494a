// SPDX-License-Identifier: Apache-2.0
#include "guard/promql/metric_unit.hpp"

#include "guard/promql/lexer.hpp"
#include "guard/promql/metric_name.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace guard::promql {
namespace {

struct UnitWord {
  std::string_view word;
  MetricUnit unit;
};

using Q = Quantity;

constexpr MetricUnit milliseconds{Q::time, 1e-3, "milliseconds"};
constexpr MetricUnit microseconds{Q::time, 1e-6, "microseconds"};
constexpr MetricUnit nanoseconds{Q::time, 1e-9, "nanoseconds"};
constexpr MetricUnit percent{Q::share, 1e-2, "percent"};

constexpr std::array words{UnitWord{"seconds", {Q::time, 1, "seconds"}},
                           UnitWord{"milliseconds", milliseconds},
                           UnitWord{"millis", milliseconds},
                           UnitWord{"ms", milliseconds},
                           UnitWord{"microseconds", microseconds},
                           UnitWord{"micros", microseconds},
                           UnitWord{"us", microseconds},
                           UnitWord{"nanoseconds", nanoseconds},
                           UnitWord{"nanos", nanoseconds},
                           UnitWord{"ns", nanoseconds},
                           UnitWord{"minutes", {Q::time, 60, "minutes"}},
                           UnitWord{"bytes", {Q::size, 1, "bytes"}},
                           UnitWord{"kilobytes", {Q::size, 1e3, "kilobytes"}},
                           UnitWord{"kibibytes", {Q::size, 1024, "kibibytes"}},
                           UnitWord{"megabytes", {Q::size, 1e6, "megabytes"}},
                           UnitWord{"mebibytes", {Q::size, 1048576, "mebibytes"}},
                           UnitWord{"ratio", {Q::share, 1, "a ratio"}},
                           UnitWord{"percent", percent},
                           UnitWord{"percentage", percent},
                           UnitWord{"pct", percent}};

std::optional<MetricUnit> unit_of(std::string_view name) {
  for (const std::string_view ending : {"_total", "_bucket", "_sum"})
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  const auto word = name.substr(name.find_last_of("_:") + 1);  // npos + 1 is the beginning
  const auto* found = std::ranges::find(words, word, &UnitWord::word);
  return found == words.end() ? std::nullopt : std::optional(found->unit);
}

// The number, if it is one between units.
std::optional<double> between_units(const Token& token) {
  constexpr std::array factors{100.0, 0.01, 1e3,    1e-3,    1e6,    1e-6,      1e9,
                               1e-9,  60.0, 3600.0, 86400.0, 1024.0, 1048576.0, 1073741824.0};
  double value = 0;
  const auto* end = token.text.data() + token.text.size();
  const auto [stop, error] = std::from_chars(token.text.data(), end, value);
  const bool known = token.kind == TokenKind::number && error == std::errc{} && stop == end &&
                     std::ranges::find(factors, value) != factors.end();
  return known ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<MetricUnit> metric_units(std::string_view expr) {
  std::vector<MetricUnit> out;
  for (const auto& selector : read_selectors(expr, Syntax::promql_template).found)
    if (const auto unit = unit_of(metric_name(selector.text))) out.push_back(*unit);
  return out;
}

double unit_scale(std::string_view expr) {
  double scale = 1;
  const auto tokens = lex_code(expr, Syntax::promql_template);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto factor = between_units(tokens[i]);
    if (!factor) continue;
    const bool divided = i > 0 && tokens[i - 1].is("/");
    const bool multiplied = (i > 0 && tokens[i - 1].is("*")) || (i + 1 < tokens.size() && tokens[i + 1].is("*"));
    if (divided)
      scale /= *factor;
    else if (multiplied)
      scale *= *factor;
  }
  return scale;
}

bool divides(std::string_view expr) {
  const auto tokens = lex_code(expr, Syntax::promql_template);
  return std::ranges::adjacent_find(tokens, [](const Token& sign, const Token& by) {
           return sign.is("/") && by.kind != TokenKind::number;
         }) != tokens.end();
}

}  // namespace guard::promql
