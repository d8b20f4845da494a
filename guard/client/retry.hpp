// SPDX-License-Identifier: Apache-2.0
//
// Trying again while the guard is away for a moment, for example because the release just deployed it too. The only
// place that repeats a call to a guard. Used by the main thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/error.hpp"
#include "guard/base/random.hpp"
#include "guard/client/waiter.hpp"

#include <functional>
#include <string>

namespace guard::client {

// How time passes between two calls, so that a test can step it.
struct Pace {
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Waiter* waiter = nullptr;
};

enum class Repeat {
  if_not_done,  // only where it is certain that nothing was done
  always        // the call may be made twice without harm
};

using Call = std::function<Result<std::string>()>;

// Calls until it succeeds, fails in a way that trying again does not help, or a minute is over. `on_first_failure`
// hears once that it is tried again, and after what. Returns what the last call returned.
Result<std::string> retry(const Pace& pace, Repeat repeat, const Call& call,
                          const std::function<void(const Error&)>& on_first_failure);

}  // namespace guard::client
