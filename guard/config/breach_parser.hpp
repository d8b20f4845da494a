// SPDX-License-Identifier: Apache-2.0
//
// When breach readings become a breach: `for`, or `breaches`. Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/model/rule.hpp"

#include <optional>

namespace guard::config {

// What `object` says; nothing where it says nothing, or something wrong, which is reported.
std::optional<model::BreachPolicy> read_breach(const ObjectReader& object);

}  // namespace guard::config
