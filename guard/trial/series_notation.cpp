// SPDX-License-Identifier: Apache-2.0
#include "guard/trial/series_notation.hpp"

#include "guard/base/text.hpp"
#include "guard/promql/selectors.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace guard::trial {
namespace {

using config::TextError;

constexpr std::uint64_t stale_bits = 0x7ff0000000000002;
constexpr std::string_view example = "write for example 0+10x60, 1x5, 2.5, NaN, _ or stale";

// One item of the notation, from left to right.
class Item {
 public:
  explicit Item(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<double> number() {
    const auto sign = rest_.starts_with('+') ? 1U : 0U;
    double value = 0;
    const auto* begin = rest_.data() + sign;
    const auto [end, error] = std::from_chars(begin, rest_.data() + rest_.size(), value);
    if (error != std::errc{} || (sign != 0 && *begin == '-')) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  std::optional<std::size_t> count() {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return std::min(value, most_slots + 1);
  }
  bool signed_next() const { return rest_.starts_with('+') || rest_.starts_with('-'); }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// `count` times the same, or each `step` further.
struct Run {
  std::optional<double> first;
  double step = 0;
  std::size_t count = 1;
};

// `xN` at the item's end, or its end; nothing where neither stands there.
std::optional<std::size_t> times(Item& item) {
  if (item.done()) return 0;
  if (!item.take('x')) return std::nullopt;
  const auto count = item.count();
  return item.done() ? count : std::nullopt;
}

std::optional<Run> read_run(std::string_view text) {
  if (text == "stale") return Run{stale_marker()};
  Item item(text);
  if (item.take('_')) {
    const auto count = times(item);
    return count ? std::optional(Run{std::nullopt, 0, text.size() == 1 ? 1 : *count}) : std::nullopt;
  }
  Run run{item.number()};
  if (!run.first) return std::nullopt;
  const bool moves = item.signed_next();
  if (moves) {
    const auto step = item.number();
    if (!step || item.done()) return std::nullopt;
    run.step = *step;
  }
  const auto more = times(item);
  if (!more) return std::nullopt;
  run.count = *more + 1;
  return run;
}

std::unexpected<TextError> problem(std::string message, std::size_t at) {
  return std::unexpected(TextError{std::move(message), at});
}

bool begins_with_name(const std::vector<promql::Token>& tokens) {
  const bool named = !tokens.empty() && tokens[0].kind == promql::TokenKind::word;
  return named && (tokens.size() == 1 || tokens[1].is("{"));
}

bool closes_at_end(const std::vector<promql::Token>& tokens) {
  const auto is_bracket = [](const promql::Token& token) {
    return token.kind == promql::TokenKind::open || token.kind == promql::TokenKind::close;
  };
  return tokens.back().is("}") && std::ranges::count_if(tokens, is_bracket) == 2;
}

std::string why_not(std::string_view item) {
  if (item.starts_with("{{")) return "native histograms are not supported; write the series of a classic histogram";
  return fmt::format("\"{}\" is no value of a series; {}", shorten(item, 40), example);
}

void append(Slots& slots, const Run& run) {
  auto value = run.first;
  for (std::size_t i = 0; i < run.count; ++i) {
    slots.push_back(value);
    // As promtool adds them up, rounding included.
    if (value && run.step != 0) *value += run.step;
  }
}

}  // namespace

double stale_marker() {
  return std::bit_cast<double>(stale_bits);
}

bool is_stale(double value) {
  return std::bit_cast<std::uint64_t>(value) == stale_bits;
}

std::expected<Slots, TextError> parse_slots(std::string_view text) {
  constexpr std::string_view blanks = " \t\n";
  Slots slots;
  for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;
       at = text.find_first_not_of(blanks, std::min(text.find_first_of(blanks, at), text.size()))) {
    const auto item = text.substr(at, text.find_first_of(blanks, at) - at);
    const auto run = read_run(item);
    if (!run) return problem(why_not(item), at);
    if (run->count > most_slots - slots.size()) return problem(fmt::format("more than {} values", most_slots), at);
    append(slots, *run);
  }
  return slots;
}

std::expected<model::Labels, TextError> parse_series(std::string_view text) {
  const auto tokens = promql::lex(text, promql::Syntax::promql);
  if (!begins_with_name(tokens)) return problem("a series begins with its name, for example up{job=\"shop\"}", 0);
  model::Labels labels{{"__name__", std::string(tokens[0].text)}};
  if (tokens.size() == 1) return labels;
  if (!closes_at_end(tokens)) return problem("the braces do not close at its end", tokens[1].begin);
  for (const auto matcher : promql::matchers_of(text, promql::Syntax::promql)) {
    const auto at = static_cast<std::size_t>(matcher.data() - text.data());
    if (!matcher.ends_with('"')) return problem("put the value of a label in double quotes", at);
    const auto label = model::Matcher::parse(matcher);
    if (!label) return problem(label.error().message, at);
    if (label->op() != model::MatchOp::equal) return problem("a series gives each label its value: name=\"value\"", at);
    if (!labels.emplace(label->name(), label->value()).second)
      return problem(fmt::format("the label {} is given twice", label->name()), at);
  }
  // To Prometheus an empty label is none.
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return labels;
}

}  // namespace guard::trial
