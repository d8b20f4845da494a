// SPDX-License-Identifier: Apache-2.0
//
// Series as promtool's test files write them: `name{label="value"}`, and `0+10x60 _ stale`. Pure; safe from any thread.
#pragma once

#include "guard/config/quantity.hpp"
#include "guard/model/matcher.hpp"

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

namespace guard::trial {

// One slot for each interval; nothing where there is no sample.
using Slots = std::vector<std::optional<double>>;

// More slots than this are refused: a slip of the pen must not fill the memory.
inline constexpr std::size_t most_slots = 1'000'000;

// The note that a series has ended is a NaN of its own, as Prometheus stores it (model/value/value.go).
double stale_marker();
bool is_stale(double value);

// Fails on anything promtool's notation does not know, and on native histograms, which it does.
std::expected<Slots, config::TextError> parse_slots(std::string_view text);

// The labels, with the name as `__name__`. Fails where a label is not given one value.
std::expected<model::Labels, config::TextError> parse_series(std::string_view text);

}  // namespace guard::trial
