// SPDX-License-Identifier: Apache-2.0
//
// An objective: the bound a rule's value must keep, as a number or as a share of a baseline. Pure values.
#pragma once

#include "guard/base/enum_names.hpp"

#include <optional>
#include <string>

namespace guard::model {

enum class Comparison { less, less_equal, greater, greater_equal, equal, not_equal };

// How a number is shown to people; values are always in base units (ratio, seconds, bytes).
enum class Unit { number, ratio, seconds, bytes };

struct Objective {
  Comparison comparison = Comparison::less;
  double bound = 0;  // in base units; with of_baseline, a factor of the baseline
  Unit unit = Unit::number;
  bool of_baseline = false;

  bool operator==(const Objective&) const = default;
};

// The bound in base units, or nothing if it is a share of a baseline that is not known.
std::optional<double> resolve(const Objective& objective, std::optional<double> baseline);

// Whether `value` keeps `comparison bound`.
bool holds(Comparison comparison, double value, double bound);

// Greater is worse. Nothing where that cannot be told, because only the bound says what is bad and it is not known.
std::optional<double> badness(Comparison comparison, double value, std::optional<double> bound);

// True if `value` lies further on the bad side than `reference` by more than half of it (or, where the reference is
// zero, at all): the test for "clearly worse than it was".
bool clearly_worse(Comparison comparison, double value, double reference);

// The unit a rule's values are shown in. With a share of a baseline, "50%" says nothing about what is measured.
Unit value_unit(const Objective& objective);

// "1.25%", "350ms", "1.5GiB", "12.3", "1235": three significant digits, and all before the point.
std::string format_quantity(double value, Unit unit);

// The same with as many digits as it takes to tell it from the bound: 0.99996% does not hold against < 1% as "1%".
std::string format_against(double value, double bound, Unit unit);

// The objective as a rule file writes it: "< 1%", ">= 50% of baseline".
std::string format_objective(const Objective& objective);

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Comparison> {
  using C = model::Comparison;
  static constexpr std::array table{EnumName<C>{C::less, "<"},    EnumName<C>{C::less_equal, "<="},
                                    EnumName<C>{C::greater, ">"}, EnumName<C>{C::greater_equal, ">="},
                                    EnumName<C>{C::equal, "=="},  EnumName<C>{C::not_equal, "!="}};
};

template <>
struct EnumNames<model::Unit> {
  using U = model::Unit;
  static constexpr std::array table{EnumName<U>{U::number, "number"}, EnumName<U>{U::ratio, "ratio"},
                                    EnumName<U>{U::seconds, "seconds"}, EnumName<U>{U::bytes, "bytes"}};
};

}  // namespace guard
