// SPDX-License-Identifier: Apache-2.0
//
// Which of all watches something is about. Pure.
#pragma once

#include "guard/engine/ledger.hpp"

#include <vector>

namespace guard::engine {

// Those the filter asks for, the one announced last first.
std::vector<WatchPtr> matching(const Watches& watches, const ReleaseFilter& filter);

// Of each service and environment the release announced last, in their order.
std::vector<WatchPtr> newest_of_each_place(const Watches& watches);

// Those that are open or ended at `since` or later, and failed rollbacks after which no release of the same service and
// environment was announced.
std::vector<WatchPtr> current_of(const Watches& watches, WallTime since);

}  // namespace guard::engine
