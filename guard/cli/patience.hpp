// SPDX-License-Identifier: Apache-2.0
//
// Trying again while the guard is away for a moment, for example because the release just deployed it too. The only
// place of the command line that repeats a call. Used by the main thread only.
#pragma once

#include "guard/base/error.hpp"
#include "guard/cli/world.hpp"

#include <functional>
#include <string>

namespace guard::cli {

enum class Repeat {
  if_not_done,  // only where it is certain that nothing was done
  always        // the call may be made twice without harm
};

// Calls `attempt` until it succeeds, fails in a way that trying again does not help, or a minute is over; says so
// on world.err once. Returns what the last attempt returned.
Result<std::string> persist(World& world, Repeat repeat, const std::function<Result<std::string>()>& attempt);

}  // namespace guard::cli
