// SPDX-License-Identifier: Apache-2.0
#include "guard/core/objective.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace guard::core {
namespace {

// At most three decimals, none that say nothing.
std::string plain(double value) {
  if (value != 0 && (std::abs(value) < 0.001 || std::abs(value) >= 1e9)) return fmt::format("{:.3g}", value);
  auto text = fmt::format("{:.3f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string seconds_text(double value) {
  const auto size = std::abs(value);
  if (size != 0 && size < 1) return plain(value * 1000) + "ms";
  if (size >= 3600 && std::fmod(size, 3600) == 0) return plain(value / 3600) + "h";
  if (size >= 60 && std::fmod(size, 60) == 0) return plain(value / 60) + "m";
  return plain(value) + "s";
}

std::string bytes_text(double value) {
  constexpr std::array units{std::pair{1024.0 * 1024 * 1024, "GiB"}, std::pair{1024.0 * 1024, "MiB"},
                             std::pair{1024.0, "KiB"}};
  for (const auto& [size, name] : units)
    if (std::abs(value) >= size) return plain(value / size) + name;
  return plain(value);
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
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  switch (unit) {
    case Unit::number:
      return plain(value);
    case Unit::ratio:
      return plain(value * 100) + "%";
    case Unit::seconds:
      return seconds_text(value);
    case Unit::bytes:
      return bytes_text(value);
  }
  return plain(value);
}

std::string format_objective(const Objective& objective) {
  if (objective.of_baseline)
    return fmt::format("{} {}% of baseline", to_string(objective.comparison), plain(objective.bound * 100));
  return fmt::format("{} {}", to_string(objective.comparison), format_quantity(objective.bound, objective.unit));
}

}  // namespace guard::core
