// SPDX-License-Identifier: Apache-2.0
//
// Bounds as an objective writes them: what has a unit keeps it. Pure; safe from any thread.
#pragma once

#include "guard/model/objective.hpp"

#include <string>
#include <string_view>

namespace guard::importing {

// What holds where `comparison` does not.
model::Comparison inverted(model::Comparison comparison);

// The same comparison, seen from its other side: a < b is b > a.
model::Comparison mirrored(model::Comparison comparison);

// The unit of the value of `expr`, where its metrics name one and the expression leaves it alone; else number.
model::Unit unit_of(std::string_view expr);

// The objective: in `unit` where that is short and the same number, else as a plain number.
std::string objective_text(model::Comparison comparison, double bound, model::Unit unit);

}  // namespace guard::importing
