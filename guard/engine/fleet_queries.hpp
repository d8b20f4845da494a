// SPDX-License-Identifier: Apache-2.0
//
// Which of all watches something is about. Pure.
#pragma once

#include "guard/engine/ledger.hpp"

#include <string>
#include <vector>

namespace guard::engine {

// Those the filter asks for, the one announced last first; the newest of them where there are more than it wants.
std::vector<WatchPtr> matching(const Fleet& fleet, const ReleaseFilter& filter, Instant now);

// Their environments, each once, in order.
std::vector<std::string> environments_of(const Fleet& fleet);

// Of each service and environment the release announced last, but for one that never came, and every earlier one that
// needs a person.
std::vector<WatchPtr> speaking_for_places(const Fleet& fleet, Instant now);

// Those that are open, ended not longer than `after_end` ago, or need a person.
std::vector<WatchPtr> current_of(const Fleet& fleet, Duration after_end, Instant now);

}  // namespace guard::engine
