// SPDX-License-Identifier: Apache-2.0
//
// What may be ordered of a release as it stands. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/order.hpp"
#include "guard/model/watch.hpp"

#include <vector>

namespace guard::core {

// What a person may order now, as far as the release itself decides it: brakes and newer releases may still refuse.
std::vector<Verb> allowed_orders(const Watch& watch);

}  // namespace guard::core
