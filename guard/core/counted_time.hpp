// SPDX-License-Identifier: Apache-2.0
//
// The time of a watch that counts: what is read in it, and the events that came in it, speak of its release. Pure.
#pragma once

#include "guard/core/nouns.hpp"
#include "guard/model/watch.hpp"

namespace guard::core {

// The age of the watch from which on its readings count in this phase, and the one after which they say nothing of it.
Duration counts_from(const Watch& watch);
Duration counts_until(const Watch& watch);

}  // namespace guard::core
