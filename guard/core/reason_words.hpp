// SPDX-License-Identifier: Apache-2.0
//
// Reasons in words, for people. Pure; safe from any thread.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/reason.hpp"

#include <string_view>

namespace guard::core {

// Half a sentence about why a verdict or a reading has this reason.
std::string_view explain(Reason reason);

}  // namespace guard::core
