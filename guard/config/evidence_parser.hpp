// SPDX-License-Identifier: Apache-2.0
//
// How surely counted events are judged, and what too few of them mean: `confidence`, `min_events`, `on_too_few`. Pure;
// safe from any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/config/object_reader.hpp"
#include "guard/model/rule.hpp"

#include <optional>
#include <string>

namespace guard::config {

// "99.9%", as a rule file writes it. Fails with invalid.
Result<double> parse_confidence(const std::string& text);

// As `defaults` or a rule gives them.
std::optional<double> read_confidence(const ObjectReader& object);
std::optional<int> read_min_events(const ObjectReader& object);
std::optional<model::MissingPolicy> read_on_too_few(const ObjectReader& object);

}  // namespace guard::config
