// SPDX-License-Identifier: Apache-2.0
//
// The metric that a selector names. Pure; safe from any thread.
#pragma once

#include <string_view>

namespace guard::promql {

// What stands before the braces of `selector`, which must live as long; empty where they come first.
std::string_view metric_name(std::string_view selector);

}  // namespace guard::promql
