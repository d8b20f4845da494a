// SPDX-License-Identifier: Apache-2.0
//
// What may be ordered of a release as it stands: said here once, offered by the views and asked by whoever carries an
// order out. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/order.hpp"
#include "guard/model/watch.hpp"

#include <expected>
#include <string>
#include <vector>

namespace guard::core {

// Fails, in words, where the release as it stands does not allow it. Brakes, newer releases and the version that an
// order names may still refuse.
std::expected<void, std::string> may_order(const Watch& watch, Verb verb);

// What a person may order now: all that may_order allows but `live`, which is the pipeline's.
std::vector<Verb> allowed_orders(const Watch& watch);

}  // namespace guard::core
