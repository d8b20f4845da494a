// SPDX-License-Identifier: Apache-2.0
//
// How old the samples behind an expression are. An instant query stamps its result with the evaluation time, so a
// dead sample looks fresh for as long as the lookback allows (5 minutes); timestamp() of the plain selectors shows it.
// Pure; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

// The plain selectors of `expr` (metric names with their braces, without range), each once, in order. Selectors with
// `offset` or `@` look at another time on purpose and are left out.
std::vector<std::string> plain_selectors(std::string_view expr);

// A query that gives, for each plain selector, the age in seconds of its freshest series; nothing if there is none.
std::optional<std::string> freshness_query(std::string_view expr);

}  // namespace guard::promql
