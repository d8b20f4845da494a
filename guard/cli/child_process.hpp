// SPDX-License-Identifier: Apache-2.0
//
// A command that this program wraps: it has its streams, and the signals that are meant for it. Blocking; the main
// thread only.
#pragma once

#include "guard/base/error.hpp"

#include <string>
#include <vector>

namespace guard::cli {

// Runs the command, looked for in PATH, with `variables` (NAME=value) beside the environment, and waits for its end.
// Its exit code, or 128 and the signal that ended it, as shells say it. SIGTERM and a SIGINT that somebody sends are
// passed on; one from the terminal has reached it already. Fails with not_found if it cannot be started.
Result<int> run_child(const std::vector<std::string>& argv, const std::vector<std::string>& variables);

}  // namespace guard::cli
