// SPDX-License-Identifier: Apache-2.0
//
// `error_budget` of a rule group. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/error_budget.hpp"

#include <optional>

namespace guard::config {

// The budget that `group` declares, or nothing where it declares none or one that is wrong; that is reported.
std::optional<model::ErrorBudget> read_error_budget(const ObjectReader& group);

}  // namespace guard::config
