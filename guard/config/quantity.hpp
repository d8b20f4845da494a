// SPDX-License-Identifier: Apache-2.0
//
// Numbers with units and objectives as text: "1%", "350ms", "1.5GiB", "< 1%", ">= 50% of baseline". Nothing may
// follow. Pure; safe from any thread.
#pragma once

#include "guard/model/objective.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace guard::config {

// What is wrong with a text, and at which byte of it.
struct TextError {
  std::string message;
  std::size_t offset = 0;
};

struct Quantity {
  double value = 0;  // in base units: ratio, seconds, bytes
  model::Unit unit = model::Unit::number;
};

// A decimal number and at most one of % ms s m h KiB MiB GiB. Fails on NaN, infinity, a negative quantity with a unit,
// and on anything else that follows.
std::expected<Quantity, TextError> parse_quantity(std::string_view text);

// A comparison, a quantity and perhaps `of baseline`; there the quantity must be a plain number or a percentage over
// zero.
std::expected<model::Objective, TextError> parse_objective(std::string_view text);

}  // namespace guard::config
