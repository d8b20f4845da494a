// SPDX-License-Identifier: Apache-2.0
//
// Which shares explain what was seen, beyond chance: the exact bounds of Clopper and Pearson (1934). Pure.
#pragma once

#include "guard/core/nouns.hpp"

namespace guard::core {

// The least share that explains what was seen, with the certainty of 1 - `doubt`. 0 without bad ones.
double least_share(const Events& events, double doubt);

// The share that may still hide behind what was seen, with 95% certainty. 1 without events.
double hidden_share(const Events& events);

}  // namespace guard::core
