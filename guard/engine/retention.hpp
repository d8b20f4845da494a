// SPDX-License-Identifier: Apache-2.0
//
// What of the past is kept, and what is not. Pure.
#pragma once

#include "guard/engine/ledger.hpp"

#include <set>
#include <string>
#include <vector>

namespace guard::engine {

// The finished releases that ended before `before`.
std::vector<std::string> outlived(const Fleet& fleet, WallTime before);

// The names of the attempts that belong to any of these releases (hooks::attempts_name). All others can go once they
// are old: going by what is known rather than by what is forgotten, a crash between the two leaves nothing for ever.
std::set<std::string> attempts_of(const Fleet& fleet);

}  // namespace guard::engine
