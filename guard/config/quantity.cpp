// SPDX-License-Identifier: Apache-2.0
#include "guard/config/quantity.hpp"

#include "guard/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace guard::config {
namespace {

struct UnitName {
  std::string_view name;
  model::Unit unit;
  double factor;
  int shift = 0;  // of the decimal point, in units below the base unit
};

constexpr std::array units{
    UnitName{"%", model::Unit::ratio, 1, -2},     UnitName{"ms", model::Unit::seconds, 1, -3},
    UnitName{"s", model::Unit::seconds, 1},       UnitName{"m", model::Unit::seconds, 60},
    UnitName{"h", model::Unit::seconds, 3600},    UnitName{"KiB", model::Unit::bytes, 1024},
    UnitName{"MiB", model::Unit::bytes, 1048576}, UnitName{"GiB", model::Unit::bytes, 1073741824}};

constexpr std::string_view unit_list = "%, ms, s, m, h, KiB, MiB or GiB";

// The rest of a text that is read from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  std::string_view rest() const { return text_.substr(at_); }
  bool done() const { return at_ == text_.size(); }
  void advance(std::size_t n) { at_ += n; }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n", at_), text_.size()); }
  std::unexpected<TextError> fail(std::string message) const {
    return std::unexpected(TextError{std::move(message), at_});
  }
  // The next word, for messages.
  std::string word() const { return shorten(rest().substr(0, rest().find_first_of(" \t\n")), 40); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::expected<double, TextError> take_number(Cursor& cursor) {
  const auto rest = cursor.rest();
  if (rest.empty()) return cursor.fail("a number is missing");
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error == std::errc::result_out_of_range)
    return cursor.fail(fmt::format("\"{}\" is too large or too small", cursor.word()));
  if (error != std::errc{} || !std::isfinite(value))
    return cursor.fail(fmt::format("\"{}\" is not a number", cursor.word()));
  cursor.advance(static_cast<std::size_t>(end - rest.data()));
  if (cursor.rest().starts_with(',')) return cursor.fail("a decimal point is written as `.`");
  return value;
}

// The number with its decimal point moved as on paper: 95% is 0.95, and 95 * 0.01 is not.
double shifted(std::string_view written, int by) {
  const auto e = std::min(written.find_first_of("eE"), written.size());
  auto exponent = written.substr(std::min(e + 1, written.size()));
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  int power = 0;
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  const auto moved = fmt::format("{}e{}", written.substr(0, e), power + by);
  double value = 0;
  std::from_chars(moved.data(), moved.data() + moved.size(), value);
  return value;
}

std::string_view letters(std::string_view text) {
  const auto end = std::ranges::find_if(
      text, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%'); });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::expected<Quantity, TextError> take_quantity(Cursor& cursor) {
  const auto rest = cursor.rest();
  const auto number = take_number(cursor);
  if (!number) return std::unexpected(number.error());
  const auto written = rest.substr(0, rest.size() - cursor.rest().size());
  const auto before_unit = cursor;
  cursor.skip_blanks();
  const auto name = letters(cursor.rest());
  if (name.empty() || name == "of") {
    cursor = before_unit;
    return Quantity{*number, model::Unit::number};
  }
  const auto* unit = std::ranges::find(units, name, &UnitName::name);
  if (unit == units.end()) return cursor.fail(fmt::format("\"{}\" is no unit; write {}", shorten(name, 40), unit_list));
  const double value = unit->shift == 0 ? *number * unit->factor : shifted(written, unit->shift);
  if (value < 0) return before_unit.fail(fmt::format("a quantity in {} cannot be negative", name));
  if (!std::isfinite(value)) return before_unit.fail("the number is too large");
  cursor.advance(name.size());
  return Quantity{value, unit->unit};
}

std::optional<model::Comparison> take_comparison(Cursor& cursor) {
  std::optional<model::Comparison> best;
  std::size_t length = 0;
  for (const auto& [comparison, name] : EnumNames<model::Comparison>::table) {
    if (!cursor.rest().starts_with(name) || name.size() <= length) continue;
    best = comparison;
    length = name.size();
  }
  cursor.advance(length);
  return best;
}

bool take_word(Cursor& cursor, std::string_view word) {
  const auto before = cursor;
  cursor.skip_blanks();
  if (cursor.rest().starts_with(word)) {
    cursor.advance(word.size());
    if (cursor.done() || cursor.rest().find_first_of(" \t\n") == 0) return true;
  }
  cursor = before;
  return false;
}

std::expected<void, TextError> expect_end(Cursor& cursor, std::string_view what) {
  cursor.skip_blanks();
  if (!cursor.done())
    return cursor.fail(fmt::format("nothing may follow the {}, but \"{}\" does", what, cursor.word()));
  return {};
}

std::expected<void, TextError> take_baseline(Cursor& cursor, model::Objective& objective) {
  const auto quantity_at = cursor;
  if (!take_word(cursor, "of")) return {};
  if (!take_word(cursor, "baseline")) {
    cursor.skip_blanks();
    return cursor.fail("after `of` only `baseline` can stand");
  }
  objective.of_baseline = true;
  const bool share = objective.unit == model::Unit::number || objective.unit == model::Unit::ratio;
  if (!share || objective.bound <= 0)
    return quantity_at.fail("a share of the baseline is a number or a percentage over zero, for example 50%");
  return {};
}

}  // namespace

std::expected<Quantity, TextError> parse_quantity(std::string_view text) {
  Cursor cursor(text);
  cursor.skip_blanks();
  auto quantity = take_quantity(cursor);
  if (!quantity) return quantity;
  if (const auto end = expect_end(cursor, "quantity"); !end) return std::unexpected(end.error());
  return quantity;
}

std::expected<model::Objective, TextError> parse_objective(std::string_view text) {
  Cursor cursor(text);
  cursor.skip_blanks();
  const auto comparison = take_comparison(cursor);
  if (!comparison) return cursor.fail("it must begin with <, <=, >, >=, == or !=, for example \"< 1%\"");
  cursor.skip_blanks();
  const auto quantity = take_quantity(cursor);
  if (!quantity) return std::unexpected(quantity.error());
  model::Objective objective{*comparison, quantity->value, quantity->unit, false};
  if (const auto baseline = take_baseline(cursor, objective); !baseline) return std::unexpected(baseline.error());
  if (const auto end = expect_end(cursor, "objective"); !end) return std::unexpected(end.error());
  return objective;
}

}  // namespace guard::config
