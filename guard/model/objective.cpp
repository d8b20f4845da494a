// SPDX-License-Identifier: Apache-2.0
#include "guard/model/objective.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace guard::model {
namespace {

constexpr int for_people = 3;
constexpr int as_written = 12;  // enough for what a rule file says, and not for the noise of its arithmetic

// So many significant digits, but all those before the point, and no zeros that say nothing.
std::string plain(double value, int digits) {
  const auto size = std::abs(value);
  if (size != 0 && (size < 0.001 || size >= 1e9)) return fmt::format("{:.{}g}", value, digits);
  const auto before_point = size < 1e-12 ? 1 : static_cast<int>(std::floor(std::log10(size))) + 1;
  auto text = fmt::format("{:.{}f}", value, std::max(0, digits - before_point));
  if (text.find('.') == std::string::npos) return text == "-0" ? "0" : text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string seconds_text(double value, int digits) {
  const auto size = std::abs(value);
  if (size != 0 && size < 1) return plain(value * 1000, digits) + "ms";
  if (size >= 3600 && std::fmod(size, 3600) == 0) return plain(value / 3600, digits) + "h";
  if (size >= 60 && std::fmod(size, 60) == 0) return plain(value / 60, digits) + "m";
  return plain(value, digits) + "s";
}

std::string bytes_text(double value, int digits) {
  constexpr std::array units{std::pair{1024.0 * 1024 * 1024, "GiB"}, std::pair{1024.0 * 1024, "MiB"},
                             std::pair{1024.0, "KiB"}};
  for (const auto& [size, name] : units)
    if (std::abs(value) >= size) return plain(value / size, digits) + name;
  return plain(value, digits);
}

std::string quantity(double value, Unit unit, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  switch (unit) {
    case Unit::number:
      return plain(value, digits);
    case Unit::ratio:
      return plain(value * 100, digits) + "%";
    case Unit::seconds:
      return seconds_text(value, digits);
    case Unit::bytes:
      return bytes_text(value, digits);
  }
  return plain(value, digits);
}

}  // namespace

std::optional<double> resolve(const Objective& objective, std::optional<double> baseline) {
  if (!objective.of_baseline) return objective.bound;
  if (!baseline) return std::nullopt;
  return objective.bound * *baseline;
}

bool holds(Comparison comparison, double value, double bound) {
  switch (comparison) {
    case Comparison::less:
      return value < bound;
    case Comparison::less_equal:
      return value <= bound;
    case Comparison::greater:
      return value > bound;
    case Comparison::greater_equal:
      return value >= bound;
    case Comparison::equal:
      return value == bound;
    case Comparison::not_equal:
      return value != bound;
  }
  return false;
}

std::optional<double> badness(Comparison comparison, double value, std::optional<double> bound) {
  const auto known = bound && std::isfinite(*bound);
  switch (comparison) {
    case Comparison::less:
    case Comparison::less_equal:
      return value;
    case Comparison::greater:
    case Comparison::greater_equal:
      return -value;
    case Comparison::equal:
      return known ? std::optional(std::abs(value - *bound)) : std::nullopt;
    case Comparison::not_equal:
      return known ? std::optional(-std::abs(value - *bound)) : std::nullopt;
  }
  return std::nullopt;
}

bool clearly_worse(Comparison comparison, double value, double reference) {
  switch (comparison) {
    case Comparison::less:
    case Comparison::less_equal:
      return reference <= 0 ? value > reference : value > 1.5 * reference;
    case Comparison::greater:
    case Comparison::greater_equal:
      return reference <= 0 ? value < reference : value < reference / 1.5;
    case Comparison::equal:
    case Comparison::not_equal:
      return value != reference;
  }
  return false;
}

Unit value_unit(const Objective& objective) {
  return objective.of_baseline ? Unit::number : objective.unit;
}

std::string format_quantity(double value, Unit unit) {
  return quantity(value, unit, for_people);
}

std::string format_against(double value, double bound, Unit unit) {
  const auto said = quantity(bound, unit, as_written);
  auto text = quantity(value, unit, for_people);
  for (int digits = for_people + 1; value != bound && text == said && digits <= as_written; ++digits)
    text = quantity(value, unit, digits);
  return text;
}

std::string format_objective(const Objective& objective) {
  if (objective.of_baseline)
    return fmt::format("{} {}% of baseline", to_string(objective.comparison), plain(objective.bound * 100, as_written));
  return fmt::format("{} {}", to_string(objective.comparison), quantity(objective.bound, objective.unit, as_written));
}

}  // namespace guard::model
