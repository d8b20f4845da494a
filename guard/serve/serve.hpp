// SPDX-License-Identifier: Apache-2.0
//
// `release-guard serve`: the guard that runs by its flags.
#pragma once

#include "guard/serve/serve_options.hpp"

namespace guard::serve {

// Runs the guard until SIGTERM or SIGINT. Returns the exit code: 0 after an ordered end, 1 if it could not start or
// go on, with the reason on standard error. Call it once, from main's thread.
int run_serve(const ServeOptions& options);

}  // namespace guard::serve
